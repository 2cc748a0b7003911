import type { BucketSums } from '@warren/influxql/evaluate/stream/bucket-sums'
import type { DaySource } from '../day-reader.ts'
import { type DayAggregate, type Figure, readBuckets, valuesOf, whereOf } from './day-query.ts'
import { restBound, type Split, sumOfSplit } from './split-sum.ts'

/** A bucket whose points are all of one series, whose sum is that in the order of time. */
export interface LoneBucket {
  readonly group: number
  readonly index: number
  readonly column: number
}

/** Larger values, or more of them in one bucket, are not summed here. */
export const maxMagnitude = 900
const maxCountBits = 24

/** Puts the figures of one day's buckets where they belong, but for the sums of lone buckets, which it returns. Undefined when it cannot tell all to the last bit. */
export async function aggregateDay(
  day: DaySource,
  aggregate: DayAggregate,
): Promise<readonly LoneBucket[] | undefined> {
  const lone = await readUntilExact(day, aggregate)
  if (lone?.hasZero && (await hasNegativeZero(day, aggregate))) return undefined
  return lone?.buckets
}

async function readUntilExact(day: DaySource, aggregate: DayAggregate): Promise<Found | undefined> {
  if (!aggregate.needs.sums) return toFound(await read(day, aggregate, undefined))
  let split: Split = { ...(await magnitudeFor(day, aggregate)), countBits: 19, parts: 1 }
  for (let attempt = 0; attempt < 4; attempt++) {
    const outcome = await read(day, aggregate, split)
    const found = toFound(outcome)
    if (found !== undefined) return found
    split = { ...split, ...outcome }
    if (split.magnitude > maxMagnitude || split.countBits > maxCountBits) return undefined
  }
  return undefined
}

export interface Found {
  /** Those whose sum is to be read. */
  readonly buckets: readonly LoneBucket[]
  /** Whether some extreme is 0 or -0. */
  readonly hasZero: boolean
}

const toFound = (outcome: Found | Finer): Found | undefined =>
  'hasZero' in outcome ? outcome : undefined

/** SQL has no order between 0 and -0, but answers have: a file with -0 is read. */
export async function hasNegativeZero(day: DaySource, aggregate: DayAggregate) {
  const found = await day.connection.runAndReadAll(
    `SELECT 1 FROM ${valuesOf(day, aggregate.columns)} WHERE v = 0 AND signbit(v) AND ${whereOf(aggregate)} LIMIT 1`,
  )
  return found.currentRowCount > 0
}

const dayNs = 86_400e9
/** Of a day: below it, its own values are looked at. */
const largePart = 0.25

/** A day that is being written has no extremes that DuckDB would know: it reads all of the day for them, of which a run of some buckets is little. */
const isLargePart = ({ range: { isWhole, fromNs, toNs } }: DayAggregate['buckets']): boolean =>
  isWhole || toNs - fromNs >= largePart * dayNs

/** That of the whole day where it is not above the likely one: DuckDB keeps the extremes of a table, and looking at each value again takes a fifth of the time. */
async function magnitudeFor(
  day: DaySource,
  aggregate: DayAggregate,
): Promise<Pick<Split, 'magnitude' | 'greatest'>> {
  const likely = await likelyMagnitude(day, aggregate)
  // Of values that must be converted first it keeps none.
  if (aggregate.columns.values !== 'floats' || !isLargePart(aggregate.buckets))
    return { magnitude: likely }
  // Asked again beside the sums, so that both see the same values.
  const greatest = `(SELECT greatest(abs(min(v)), abs(max(v))) FROM ${valuesOf(day, aggregate.columns)})`
  const found = await day.connection.runAndReadAll(`SELECT ${greatest}`)
  const magnitude = magnitudeOf(Number(found.getRows()[0]?.[0] ?? 0))
  return magnitude <= likely ? { magnitude, greatest } : { magnitude: likely }
}

/** From some of the values, with room for larger ones. */
async function likelyMagnitude(day: DaySource, aggregate: DayAggregate) {
  const found = await day.connection.runAndReadAll(
    `SELECT max(abs(v)) FROM (SELECT v FROM ${valuesOf(day, aggregate.columns)} WHERE ${whereOf(aggregate)} LIMIT 5000)`,
  )
  return magnitudeOf(Number(found.getRows()[0]?.[0] ?? 0)) + 2
}

export const magnitudeOf = (value: number): number =>
  value === 0 ? -maxMagnitude : Math.max(-maxMagnitude, Math.ceil(Math.log2(value)) + 1)

/** What the next attempt must change. */
type Finer = Partial<Split>

async function read(
  day: DaySource,
  aggregate: DayAggregate,
  split: Split | undefined,
): Promise<Found | Finer> {
  const buckets: LoneBucket[] = []
  let hasZero = false
  for await (const { group, index, figure } of readBuckets(day, aggregate, split)) {
    const sum = split === undefined ? 0 : summed(figure, split)
    if (typeof sum === 'object') return sum
    put(figure, sum, { into: aggregate.into(group), index })
    hasZero ||= aggregate.needs.extremes && (figure('low') === 0 || figure('high') === 0)
    if (split !== undefined && isLone(figure))
      buckets.push({ group, index, column: figure('firstColumn') })
  }
  return { buckets, hasZero }
}

/** Two values have one sum in any order. */
export const isLone = (figure: Figure): boolean =>
  figure('firstColumn') === figure('lastColumn') && figure('count') > 2

export function put(
  figure: Figure,
  sum: number,
  { into, index }: { readonly into: BucketSums; readonly index: number },
): void {
  into.counts[index] = figure('count')
  into.sums[index] = sum
  into.lows[index] = figure('low')
  into.highs[index] = figure('high')
}

function summed(figure: Figure, split: Split): number | Finer {
  const [count, greatest] = [figure('count'), figure('greatest')]
  if (greatest >= 2 ** split.magnitude)
    return { magnitude: magnitudeOf(greatest), greatest: undefined }
  if (count > 2 ** split.countBits) return { countBits: Math.ceil(Math.log2(count)) }
  const isFine = split.parts === 2
  const sum = sumOfSplit({
    count,
    sums: isFine ? [figure('part0'), figure('part1')] : [figure('part0')],
    rests: [{ sum: figure('rest'), greatest: isFine ? figure('greatestRest') : restBound(split) }],
  })
  // A cut that is fine already and does not do leaves an attempt too many.
  return sum ?? (isFine ? { countBits: maxCountBits + 1 } : { parts: 2 })
}
