import type { BucketSums } from '@warren/influxql/evaluate/stream/bucket-sums'
import { streamChunks } from '../../../duckdb/read-chunks.ts'
import type { DaySource } from '../day-reader.ts'
import { hasNegativeZero } from './aggregate-day.ts'
import {
  type BucketRun,
  bucketsSql,
  type DayAggregate,
  indexOf,
  lastIndexOf,
  within,
} from './day-query.ts'
import { middleValues } from './middle-values.ts'

/** Values of several buckets that DuckDB holds at one time, 8 to 16 bytes each, which its own limit of memory does not count. */
const maxHeld = 1_000_000
/** The same of one bucket. */
const maxBucket = 3_000_000

/** Puts the medians of one day's buckets where they belong, whose counts are known. False when values must be read: a bucket has too many, or 0 and -0, which have no order in SQL, are in the middle of one. */
export async function aggregateMedians(
  day: DaySource,
  aggregate: DayAggregate,
  groups: readonly BucketSums[],
): Promise<boolean> {
  let hasZero = false
  for (const portion of portionsOf(aggregate, groups)) {
    if (portion.count > maxBucket) return false
    hasZero = (await readMedians(day, within(aggregate, portion))) || hasZero
  }
  return !hasZero || !(await hasNegativeZero(day, aggregate))
}

/** Buckets beside each other, and their values. */
interface Portion extends BucketRun {
  readonly count: number
}

/** Of at most `maxHeld` values, or of one bucket. */
export function portionsOf(
  { buckets }: Pick<DayAggregate, 'buckets'>,
  groups: readonly Pick<BucketSums, 'counts'>[],
): Portion[] {
  const { firstIndex } = buckets
  const lastIndex = lastIndexOf(buckets)
  const portions: Portion[] = []
  let open: Portion | undefined
  for (let index = firstIndex; index <= lastIndex; index++) {
    const count = groups.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0)
    if (open !== undefined && open.count + count <= maxHeld)
      open = { ...open, last: index, count: open.count + count }
    else {
      if (open !== undefined) portions.push(open)
      open = { first: index, last: index, count }
    }
  }
  if (open !== undefined) portions.push(open)
  return portions.filter(({ count }) => count > 0)
}

/** Whether a 0 is in the middle of one. Sorting in SQL would take three times as much. */
async function readMedians(day: DaySource, aggregate: DayAggregate): Promise<boolean> {
  const sql = bucketsSql(day, aggregate, {
    figures: [{ name: 'list', sql: 'list(v)' }],
    cuts: [],
  })
  let hasZero = false
  for await (const chunk of streamChunks(day.connection, sql)) {
    const [groups, indices] = [chunk.int32(0), chunk.int32(1)]
    for (const [row, values] of chunk.float64Lists(2).entries()) {
      const [lower, upper] = middleValues(values)
      hasZero ||= lower === 0 || upper === 0
      const { medians } = aggregate.into(groups[row] ?? 0)
      // As the evaluator halves the way between two.
      medians[indexOf(aggregate, indices[row] ?? 0)] = lower + (upper - lower) / 2
    }
  }
  return hasZero
}
