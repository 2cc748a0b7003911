import { malformed } from '../../errors.ts'
import { fieldType } from '../../field-types.ts'
import { formatDateMs, resolveDateMs } from '../../time/date-text.ts'
import type { Order, Scalar, TermsAggregation } from '../../tree.ts'
import type { Aggregator, AggregatorGroup, BucketParts } from '../aggregator.ts'
import { compareUtf8 } from '../match/match-range.ts'
import { keyBytes } from '../memory/group-bytes.ts'
import { applyPipelines } from '../pipelines/pipelines.ts'

interface Bucket {
  readonly key: string | number
  count: number
  readonly group: AggregatorGroup
  /** Its values of the metrics that it is ordered by, by place of the order; once it has all its records. */
  ranks: readonly number[]
}

/** Exact: every term is counted before the largest are kept, so no error bound is ever above 0. */
export function compileTermsBuckets(
  aggregation: TermsAggregation,
  { children, group, bytes, context: { budget } }: BucketParts,
): () => Aggregator {
  const { field, size, minDocCount } = aggregation
  const missing = missingKey(field, aggregation.missing)
  const compare = compareBy([...aggregation.order, { by: '_key', direction: 'asc' }])
  const least = Math.max(minDocCount, 1)
  const isByMetric = aggregation.order.some(({ by }) => !by.startsWith('_'))
  // An unknown metric is an error even where no record matches.
  const probe = group()
  for (const { by } of aggregation.order) if (!by.startsWith('_')) probe.number(by)
  return () => {
    const buckets = new Map<string | number, Bucket>()
    return {
      add: (record) => {
        const key = record.get(field) ?? missing
        if (key === undefined) return
        let bucket = buckets.get(key)
        if (bucket === undefined) {
          budget.takeBucket(bytes, keyBytes(key))
          bucket = { key, count: 0, group: group(), ranks: [] }
          buckets.set(key, bucket)
        }
        bucket.count += record.weight ?? 1
        bucket.group.add(record)
      },
      answer: () => {
        const list = [...buckets.values()].filter((one) => one.count >= least)
        // Once a bucket: a sort compares each some dozen times.
        if (isByMetric) for (const one of list) one.ranks = ranksOf(one.group, aggregation.order)
        const sorted = list.sort(compare)
        const others = sorted.slice(size).reduce((sum, one) => sum + one.count, 0)
        const finished = sorted.slice(0, size).map(({ key, count, group: inner }) => {
          budget.answerBucket(bytes)
          const body = { ...printKey(field, key), doc_count: count, ...inner.answer() }
          return { key: 0, count, group: inner, body }
        })
        applyPipelines(children, finished)
        return {
          doc_count_error_upper_bound: 0,
          sum_other_doc_count: others,
          buckets: finished.map(({ body }) => body),
        }
      },
    }
  }
}

const ranksOf = (group: AggregatorGroup, orders: readonly Order[]): readonly number[] =>
  orders.map(({ by }) => (by.startsWith('_') ? 0 : group.number(by)))

function missingKey(field: string, missing: Scalar | undefined): string | number | undefined {
  if (missing === undefined) return undefined
  if (fieldType(field) === 'long') return Number(missing)
  if (fieldType(field) === 'date') return resolveDateMs(String(missing), { nowMs: 0 })
  return String(missing)
}

function printKey(field: string, key: string | number) {
  if (fieldType(field) !== 'date' || typeof key === 'string') return { key }
  return { key, key_as_string: formatDateMs(key, undefined) }
}

type Compare = (a: Bucket, b: Bucket) => number

function compareBy(orders: readonly Order[]): Compare {
  const compares = orders.map(compareOne)
  return (a, b) => {
    for (const compare of compares) {
      const order = compare(a, b)
      if (order !== 0) return order
    }
    return 0
  }
}

function compareOne({ by, direction }: Order, at: number): Compare {
  const sign = direction === 'asc' ? 1 : -1
  if (by === '_count') return (a, b) => sign * (a.count - b.count)
  if (by === '_key') return (a, b) => sign * compareKeys(a.key, b.key)
  if (by.startsWith('_')) throw malformed(`Invalid aggregation order path [${by}]`)
  return (a, b) => compareNumbers(a.ranks[at] ?? 0, b.ranks[at] ?? 0, sign)
}

function compareKeys(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareUtf8(String(a), String(b))
}

/** A bucket without a value counts as the largest, as in Elasticsearch 8. */
function compareNumbers(a: number, b: number, sign: number): number {
  if (Number.isNaN(a) || Number.isNaN(b))
    return sign * (Number(Number.isNaN(a)) - Number(Number.isNaN(b)))
  return a === b ? 0 : a < b ? -sign : sign
}
