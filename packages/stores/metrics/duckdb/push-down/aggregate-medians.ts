import type { BucketSums } from '@warren/influxql/evaluate/bucket-sums'
import { streamChunks } from '../../../duckdb/read-chunks.ts'
import type { DaySource } from '../day-reader.ts'
import { hasNegativeZero } from './aggregate-day.ts'
import { bucketsSql, type DayAggregate, indexOf } from './day-query.ts'

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

/** Buckets beside each other. */
interface Portion {
  /** Among those of the whole answer. */
  readonly first: number
  readonly last: number
  readonly count: number
}

/** Of at most `maxHeld` values, or of one bucket. */
export function portionsOf(
  { buckets }: Pick<DayAggregate, 'buckets'>,
  groups: readonly Pick<BucketSums, 'counts'>[],
): Portion[] {
  const { range, startNs, widthNs, firstIndex } = buckets
  const lastIndex = firstIndex + Math.floor((range.toNs - startNs) / widthNs)
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

/** The aggregate of these buckets alone. */
function within(aggregate: DayAggregate, { first, last }: Portion): DayAggregate {
  const { range, startNs, widthNs, firstIndex } = aggregate.buckets
  const fromNs = startNs + (first - firstIndex) * widthNs
  const toNs = startNs + (last + 1 - firstIndex) * widthNs - 1
  const isWhole = range.isWhole && fromNs <= range.fromNs && toNs >= range.toNs
  const narrowed = { fromNs: Math.max(fromNs, range.fromNs), toNs: Math.min(toNs, range.toNs) }
  return { ...aggregate, buckets: { ...aggregate.buckets, range: { ...narrowed, isWhole } } }
}

/** The value in the middle, or of an even number the two there: the second share is so little above a half that it moves nothing where there is one. */
const middle = 'quantile_disc(v, [0.5, 0.500000001]) AS middle'

/** Whether a 0 is in the middle of one. */
async function readMedians(day: DaySource, aggregate: DayAggregate): Promise<boolean> {
  const figures = [{ name: 'middle', sql: middle }]
  const sql = `SELECT grp, bucket, middle[1], middle[2] FROM (${bucketsSql(day, aggregate, { figures, cuts: [] })})`
  let hasZero = false
  for await (const chunk of streamChunks(day.connection, sql)) {
    const [groups, indices] = [chunk.int32(0), chunk.int32(1)]
    const [lowers, uppers] = [chunk.float64(2), chunk.float64(3)]
    for (let row = 0; row < chunk.rowCount; row++) {
      const [lower, upper] = [lowers[row] ?? 0, uppers[row] ?? 0]
      hasZero ||= lower === 0 || upper === 0
      const { medians } = aggregate.into(groups[row] ?? 0)
      // As the evaluator halves the way between two.
      medians[indexOf(aggregate, indices[row] ?? 0)] = lower + (upper - lower) / 2
    }
  }
  return hasZero
}
