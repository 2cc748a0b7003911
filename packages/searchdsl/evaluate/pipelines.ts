import type { Json } from '../answer.ts'
import type { NamedAggregation, PipelineMetric } from '../tree.ts'
import { type AggregatorGroup, finite } from './aggregator.ts'

export interface PipelineBucket {
  /** Milliseconds in a date histogram. */
  readonly key: number
  readonly count: number
  readonly group: AggregatorGroup
  /** What the pipeline adds its result to. */
  readonly body: Record<string, Json>
}

/** Runs the pipelines among these children over the buckets, in order; one may read another's result. A gap is skipped. */
export function applyPipelines(
  children: readonly NamedAggregation[],
  buckets: readonly PipelineBucket[],
): void {
  const pipelines = new Map<string, PipelineMetric>()
  for (const { name, aggregation } of children)
    if ('path' in aggregation) pipelines.set(name, aggregation)
  const done = new Set<string>()
  const run = (name: string, pipeline: PipelineMetric) => {
    if (done.has(name)) return
    done.add(name)
    const before = pipelines.get(pipeline.path)
    if (before !== undefined) run(pipeline.path, before)
    const values = buckets.map((bucket) => valueIn(bucket, pipeline.path, before !== undefined))
    compute(pipeline, buckets, values).forEach((result, at) => {
      const bucket = buckets[at]
      if (result !== undefined && bucket !== undefined) bucket.body[name] = result
    })
  }
  for (const [name, pipeline] of pipelines) run(name, pipeline)
}

function valueIn(bucket: PipelineBucket, path: string, isPipeline: boolean): number {
  if (path === '_count') return bucket.count
  if (bucket.count === 0) return Number.NaN
  if (!isPipeline) return bucket.group.number(path)
  const result = bucket.body[path] as { readonly value?: number | null } | undefined
  return result?.value ?? Number.NaN
}

type Results = readonly (Readonly<Record<string, Json>> | undefined)[]

function compute(
  pipeline: PipelineMetric,
  buckets: readonly PipelineBucket[],
  values: readonly number[],
): Results {
  switch (pipeline.type) {
    case 'cumulative_sum':
      return cumulate(values)
    case 'serial_diff':
      return difference(values, pipeline.lag ?? 1)
    case 'derivative':
      return derive(values, buckets, pipeline.unit?.ms)
  }
}

function cumulate(values: readonly number[]): Results {
  let sum = 0
  return values.map((value) => {
    if (Number.isFinite(value)) sum += value
    return { value: sum }
  })
}

function difference(values: readonly number[], lag: number): Results {
  return values.map((value, at) => {
    const difference = value - (values[at - lag] ?? Number.NaN)
    return Number.isFinite(difference) ? { value: difference } : undefined
  })
}

function derive(
  values: readonly number[],
  buckets: readonly PipelineBucket[],
  unitMs: number | undefined,
): Results {
  return values.map((value, at) => {
    const before = buckets[at - 1]
    const bucket = buckets[at]
    if (before === undefined || bucket === undefined) return undefined
    const change = value - (values[at - 1] ?? Number.NaN)
    if (unitMs === undefined) return { value: finite(change) }
    const units = (bucket.key - before.key) / unitMs
    return { value: finite(change), normalized_value: finite(change / units) }
  })
}
