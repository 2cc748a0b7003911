import type { AggregateRequest, FieldType } from '@warren/influxql/evaluate/source'
import type { BucketSums } from '@warren/influxql/evaluate/stream/bucket-sums'
import { type DaySource, readValues, type StoredColumn, type TimeRange } from '../day-reader.ts'
import { fieldKinds } from '../schema.ts'
import type { SeriesCache } from '../series-cache.ts'
import { aggregateBuckets } from './aggregate-buckets.ts'
import type { LoneBucket } from './aggregate-day.ts'
import { aggregateIntegers } from './aggregate-integers.ts'
import { aggregateMedians } from './aggregate-medians.ts'
import type { AggregatedGroups } from './aggregated-groups.ts'
import type { DayAggregate, DayBuckets, DayColumns } from './day-query.ts'

export interface DayRequest {
  readonly request: AggregateRequest
  readonly groups: AggregatedGroups
  /** Of this day that match. */
  readonly columns: readonly StoredColumn[]
  /** Of each field, as it is read. */
  readonly types: ReadonlyMap<string, FieldType>
  readonly range: TimeRange
  readonly midnightNs: bigint
  readonly cache: SeriesCache
}

/** Each is a read of its own. */
const maxLoneBuckets = 100

/** Adds one day to the groups; false when it cannot tell all figures to the last bit. */
export async function aggregateColumns(day: DaySource, request: DayRequest): Promise<boolean> {
  const { groups, columns, cache, types } = request
  const { needs } = request.request
  const buckets = bucketsOf(request)
  for (const [field, own] of Map.groupBy(columns, (column) => column.field)) {
    const sorted = own.toSorted((a, b) => a.id - b.id)
    const numbers = sorted.map(({ seriesKey }) => groups.add(cache.get(seriesKey)))
    const [first = 0] = numbers
    const isOneGroup = numbers.every((number) => number === first)
    const isInteger = types.get(field) === 'integer'
    const ofDay: DayColumns = {
      ids: sorted.map(({ id }) => id),
      groups: isOneGroup ? undefined : numbers,
      values: valuesOf(sorted[0], isInteger),
    }
    const groupOf = (group: number) => (isOneGroup ? first : group)
    if (isInteger) {
      const into = (group: number) => groups.integerSums(groupOf(group), field)
      await aggregateIntegers(day, { columns: ofDay, buckets, needs, into })
      continue
    }
    const into = (group: number) => groups.sums(groupOf(group), field)
    const aggregate = { columns: ofDay, buckets, needs, into }
    const sums = [...new Set(numbers)].map((number) => groups.sums(number, field))
    if (!(await aggregateFloats(day, aggregate, { columns: own, sums }))) return false
  }
  return true
}

interface Floats {
  readonly columns: readonly StoredColumn[]
  /** Of each group. */
  readonly sums: readonly BucketSums[]
}

async function aggregateFloats(
  day: DaySource,
  aggregate: DayAggregate,
  { columns, sums }: Floats,
): Promise<boolean> {
  const { buckets, needs, into } = aggregate
  const lone = await aggregateBuckets(day, aggregate)
  if (lone === undefined || lone.length > maxLoneBuckets) return false
  if (needs.medians && !(await aggregateMedians(day, aggregate, sums))) return false
  for (const bucket of lone)
    into(bucket.group).sums[bucket.index] = await sumInOrder(day, { bucket, buckets, columns })
  return true
}

/** Of a field whose columns are of one kind. */
function valuesOf(column: StoredColumn | undefined, isInteger: boolean): DayColumns['values'] {
  if (isInteger) return 'integers'
  return column?.kind === fieldKinds.integer ? 'integers read as floats' : 'floats'
}

export function bucketsOf({
  request: { starts, widthNs },
  range,
  midnightNs,
}: Pick<DayRequest, 'request' | 'range' | 'midnightNs'>): DayBuckets {
  const [first = 0n] = starts
  const isBefore = first < midnightNs
  return {
    range,
    startNs: isBefore ? 0 : Number(first - midnightNs),
    widthNs: Number(widthNs),
    firstIndex: isBefore ? Number((midnightNs - first) / widthNs) : 0,
  }
}

interface Lone {
  readonly bucket: LoneBucket
  readonly buckets: DayBuckets
  readonly columns: readonly StoredColumn[]
}

/** As the evaluator adds the values of one series. */
async function sumInOrder(day: DaySource, { bucket, buckets, columns }: Lone): Promise<number> {
  const { range, startNs, widthNs, firstIndex } = buckets
  const fromNs = startNs + (bucket.index - firstIndex) * widthNs
  const values = await readValues(day, {
    columns: columns.filter(({ id }) => id === bucket.column),
    range: {
      fromNs: Math.max(fromNs, range.fromNs),
      toNs: Math.min(fromNs + widthNs - 1, range.toNs),
      isWhole: false,
    },
    onValues: () => undefined,
  })
  let sum = 0
  for (const value of values.get(bucket.column)?.values ?? []) sum += Number(value)
  return sum
}
