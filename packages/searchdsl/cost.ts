import { timeRangeOf } from './evaluate/match/prune.ts'
import { resolveDateMs } from './time/date-text.ts'
import type {
  Aggregation,
  DateHistogramAggregation,
  HistogramAggregation,
  NamedAggregation,
  Query,
  SearchRequest,
} from './tree.ts'

/** What is known of the data, handed in: the estimate itself asks nobody. */
export interface SearchCostContext {
  readonly nowMs: number
  /** Where a range without lower bound begins. 30 days before now when not given. */
  readonly oldestMs?: number
}

/** An upper bound of what one search asks for. */
export interface SearchCost {
  /** Of `@timestamp`, in milliseconds. */
  readonly rangeMs: number
  /** Buckets of the answer: sizes of `terms` times windows of histograms, all levels. */
  readonly buckets: number
  /** Metrics times the buckets they are worked out for. */
  readonly values: number
  /** Records that are read whole. */
  readonly hits: number
  /** Prefixes, wildcards and regular expressions. */
  readonly patterns: number
  /** All of it as one number; 1 is the least. */
  readonly units: number
}

const dayMs = 86_400_000
const keptMs = 30 * dayMs
/** Beyond it, which nobody could answer, the number says nothing more. */
const most = 1e12
/** What costs one unit more: so long a range, so many buckets, values of metrics or whole records; a pattern does for each day. */
const aUnit = { rangeMs: dayMs, buckets: 2000, values: 10_000, hits: 500 }
const calendarMs = {
  ...{ minute: 60_000, hour: 3_600_000, day: dayMs, week: 7 * dayMs },
  ...{ month: 28 * dayMs, quarter: 90 * dayMs, year: 365 * dayMs },
}

/** What a search costs its store: pure, and in time proportional to the request. Throws a `SearchError` for a time that cannot be read. */
export function costOfSearch(request: SearchRequest, context: SearchCostContext): SearchCost {
  const range = rangeOf(request.query, context)
  const rangeMs = Math.max(0, range.toMs - range.fromMs)
  const { buckets, values } = sum(request.aggs, { range, nowMs: context.nowMs, around: 1 })
  const hits = request.size + request.from
  const patterns = countPatterns(request.query)
  const days = rangeMs / aUnit.rangeMs
  const work =
    days * (1 + patterns) +
    buckets / aUnit.buckets +
    values / aUnit.values +
    (hits / aUnit.hits) * (request.highlight === undefined ? 1 : 2)
  return { rangeMs, buckets, values, hits, patterns, units: Math.round((1 + work) * 100) / 100 }
}

interface Range {
  readonly fromMs: number
  readonly toMs: number
}

function rangeOf(query: Query, { nowMs, oldestMs = nowMs - keptMs }: SearchCostContext): Range {
  const { minMs, maxMs } = timeRangeOf(query, nowMs)
  return {
    fromMs: minMs === Number.NEGATIVE_INFINITY ? oldestMs : minMs,
    toMs: maxMs === Number.POSITIVE_INFINITY ? nowMs : maxMs,
  }
}

interface Place {
  /** Of the query. */
  readonly range: Range
  readonly nowMs: number
  /** Buckets of the level above. */
  readonly around: number
}

function sum(
  aggs: readonly NamedAggregation[],
  place: Place,
): Record<'buckets' | 'values', number> {
  let buckets = 0
  let values = 0
  for (const { aggregation, children } of aggs) {
    const own = bucketsOf(aggregation, place)
    if (own === undefined) {
      values += place.around * valuesOf(aggregation)
      continue
    }
    const all = Math.min(most, place.around * own)
    const inside = sum(children, { ...place, around: all })
    buckets = Math.min(most, buckets + all + inside.buckets)
    values = Math.min(most, values + inside.values)
  }
  return { buckets, values }
}

/** How far the field of a histogram over numbers reaches is not known. */
const numberBuckets = 100

/** Of one bucket around; undefined: it makes none. */
function bucketsOf(aggregation: Aggregation, place: Place): number | undefined {
  if (aggregation.type === 'terms') return aggregation.size
  if (aggregation.type === 'filters') return aggregation.filters.length
  if (aggregation.type === 'histogram') return numberBucketsOf(aggregation)
  if (aggregation.type !== 'date_histogram') return undefined
  const { interval } = aggregation
  const stepMs = interval.kind === 'fixed' ? interval.ms : calendarMs[interval.unit]
  const { fromMs, toMs } = withBounds(aggregation, place)
  return Math.ceil(Math.max(0, toMs - fromMs) / stepMs + 1)
}

/** Bounds lead to empty buckets, and so to an answer that is longer than the range. */
function numberBucketsOf({ bounds, interval, minDocCount }: HistogramAggregation): number {
  if (bounds === undefined || minDocCount > 0) return numberBuckets
  return Math.max(numberBuckets, Math.min(most, (bounds.max - bounds.min) / interval + 1))
}

function withBounds(aggregation: DateHistogramAggregation, { range, nowMs }: Place): Range {
  const { bounds, minDocCount, format, timeZone } = aggregation
  if (bounds === undefined || minDocCount > 0) return range
  const resolve = (value: string | number) =>
    typeof value === 'number' ? value : resolveDateMs(value, { nowMs, format, timeZone })
  return {
    fromMs: Math.min(range.fromMs, resolve(bounds.min)),
    toMs: Math.max(range.toMs, resolve(bounds.max)),
  }
}

function valuesOf(aggregation: Aggregation): number {
  if (aggregation.type === 'percentiles') return 2 * aggregation.percents.length
  if (aggregation.type === 'top_metrics') return aggregation.size * aggregation.metrics.length
  return aggregation.type === 'cardinality' ? 4 : 1
}

function countPatterns(query: Query): number {
  if (query.type === 'prefix' || query.type === 'wildcard' || query.type === 'regexp') return 1
  if (query.type !== 'bool') return 0
  const { must, filter, should, mustNot } = query
  return [must, filter, should, mustNot]
    .flat()
    .reduce((count, each) => count + countPatterns(each), 0)
}
