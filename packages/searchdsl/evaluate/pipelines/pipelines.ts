import type { Json } from '../../answer.ts'
import {
  type BucketScriptPipeline,
  isParentPipeline,
  isSiblingPipeline,
  type MovingPipeline,
  type ParentPipeline,
  pathsOf,
} from '../../pipeline-tree.ts'
import type { NamedAggregation } from '../../tree.ts'
import { type AggregatorGroup, finite, splitPath } from '../aggregator.ts'
import { evaluateScript } from './script.ts'

export interface PipelineBucket {
  /** Milliseconds in a date histogram; no use elsewhere. */
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
  const pipelines = new Map<string, ParentPipeline>()
  const computed = new Set<string>()
  for (const { name, aggregation } of children) {
    if (isParentPipeline(aggregation)) pipelines.set(name, aggregation)
    if (isParentPipeline(aggregation) || isSiblingPipeline(aggregation)) computed.add(name)
  }
  const done = new Set<string>()
  const run = (name: string, pipeline: ParentPipeline) => {
    if (done.has(name)) return
    done.add(name)
    for (const path of pathsOf(pipeline)) {
      const { name: target } = splitPath(path)
      const before = pipelines.get(target)
      if (before !== undefined) run(target, before)
    }
    const valuesAt = (path: string) => buckets.map((bucket) => valueIn(bucket, path, computed))
    compute(pipeline, buckets, valuesAt).forEach((result, at) => {
      const bucket = buckets[at]
      if (result !== undefined && bucket !== undefined) bucket.body[name] = result
    })
  }
  for (const [name, pipeline] of pipelines) run(name, pipeline)
}

/** Not a number where there is none, which is infinite as the largest or least of no values, and in a bucket without records. */
function valueIn(bucket: PipelineBucket, path: string, computed: ReadonlySet<string>): number {
  if (path === '_count') return bucket.count
  if (bucket.count === 0) return Number.NaN
  const { name, property = 'value' } = splitPath(path)
  if (!computed.has(name)) {
    const value = bucket.group.number(path)
    return Number.isFinite(value) ? value : Number.NaN
  }
  const result = bucket.body[name] as Readonly<Record<string, Json>> | undefined
  const value = result?.[property]
  return typeof value === 'number' ? value : Number.NaN
}

type Results = readonly (Readonly<Record<string, Json>> | undefined)[]

function compute(
  pipeline: ParentPipeline,
  buckets: readonly PipelineBucket[],
  valuesAt: (path: string) => readonly number[],
): Results {
  switch (pipeline.type) {
    case 'cumulative_sum':
      return cumulate(valuesAt(pipeline.path))
    case 'serial_diff':
      return difference(valuesAt(pipeline.path), pipeline.lag ?? 1)
    case 'derivative':
      return derive(valuesAt(pipeline.path), buckets, pipeline.unit?.ms)
    case 'moving_fn':
      return move(pipeline, valuesAt(pipeline.path))
    case 'bucket_script':
      return calculate(pipeline, valuesAt)
  }
}

/** Over the values that are there, gaps left out; a bucket that has none of its own has no result. */
function move({ window, shift, script }: MovingPipeline, values: readonly number[]): Results {
  const present = values.filter((value) => !Number.isNaN(value))
  const within = (index: number) => Math.min(Math.max(index, 0), present.length)
  let index = 0
  return values.map((value) => {
    if (Number.isNaN(value)) return undefined
    const seen = present.slice(within(index - window + shift), within(index + shift))
    index++
    return { value: finite(evaluateScript(script, { params: new Map(), values: seen })) }
  })
}

/** A bucket that lacks one of the values has no result. */
function calculate(
  { paths, script }: BucketScriptPipeline,
  valuesAt: (path: string) => readonly number[],
): Results {
  const columns = Object.entries(paths).map(([name, path]) => [name, valuesAt(path)] as const)
  const length = columns[0]?.[1].length ?? 0
  return Array.from({ length }, (_, at) => {
    const params = new Map(columns.map(([name, values]) => [name, values[at] ?? Number.NaN]))
    if ([...params.values()].some(Number.isNaN)) return undefined
    return { value: finite(evaluateScript(script, { params, values: [] })) }
  })
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
