import type { Json } from '../../answer.ts'
import { isSiblingPipeline, type SiblingPipeline, type SiblingType } from '../../pipeline-tree.ts'
import type { NamedAggregation } from '../../tree.ts'
import { splitPath } from '../aggregator.ts'
import { namedBounds } from '../metrics/extended-stats.ts'

type Body = Record<string, Json>

/** Adds what the pipelines among these say of the finished buckets beside them. */
export function compileSiblings(named: readonly NamedAggregation[]): (body: Body) => Body {
  const siblings = named.flatMap(({ name, aggregation }) =>
    isSiblingPipeline(aggregation) ? [{ name, pipeline: aggregation }] : [],
  )
  if (siblings.length === 0) return (body) => body
  return (body) => {
    for (const { name, pipeline } of siblings)
      body[name] = summary(pipeline.type, valuesOf(body[pipeline.of], pipeline))
    return body
  }
}

interface Keyed {
  readonly key: string
  readonly value: number
}

/** Values of buckets that have one; an empty bucket has none but its count. */
function valuesOf(answer: Json | undefined, { path }: SiblingPipeline): readonly Keyed[] {
  const { buckets = [] } = (answer ?? {}) as { readonly buckets?: readonly Body[] | Body }
  const entries = Array.isArray(buckets)
    ? buckets.map(
        (bucket: Body) => [String(bucket['key_as_string'] ?? bucket['key']), bucket] as const,
      )
    : Object.entries(buckets as Readonly<Record<string, Body>>)
  return entries.flatMap(([key, bucket]) => {
    const value = numberIn(bucket, path)
    return value === undefined ? [] : [{ key, value }]
  })
}

function numberIn(bucket: Body, path: string): number | undefined {
  if (path === '_count') return Number(bucket['doc_count'])
  if (bucket['doc_count'] === 0) return undefined
  const { name, property = 'value' } = splitPath(path)
  const metric = (bucket[name] ?? {}) as Readonly<Record<string, Json>>
  const values = valuesIn(metric)
  const found = Object.hasOwn(values, property) ? values[property] : undefined
  return typeof found === 'number' ? found : undefined
}

/** What a metric says, by the names that paths have for it. */
function valuesIn(metric: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  const { values, std_deviation_bounds: bounds } = metric as MetricParts
  if (values !== undefined) return values
  return bounds === undefined ? metric : { ...metric, ...namedBounds(bounds) }
}

interface MetricParts {
  readonly values?: Readonly<Record<string, Json>>
  readonly std_deviation_bounds?: Readonly<Record<string, Json>>
}

function summary(type: SiblingType, list: readonly Keyed[]): Readonly<Record<string, Json>> {
  const values = list.map(({ value }) => value)
  const sum = values.reduce((a, b) => a + b, 0)
  if (type === 'sum_bucket') return { value: sum }
  if (type === 'avg_bucket') return { value: list.length === 0 ? null : sum / list.length }
  if (list.length === 0) return { value: null, keys: [] }
  const best = values.reduce((a, b) => (type === 'max_bucket' ? Math.max(a, b) : Math.min(a, b)))
  return { value: best, keys: list.filter(({ value }) => value === best).map(({ key }) => key) }
}
