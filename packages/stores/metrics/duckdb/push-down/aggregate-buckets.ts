import type { DaySource } from '../day-reader.ts'
import { keptWidthNs, readKeptSlots } from '../kept-sums/kept-sums.ts'
import { aggregateDay, type LoneBucket } from './aggregate-day.ts'
import { aggregateKept } from './aggregate-kept.ts'
import {
  type BucketRun,
  type DayAggregate,
  type DayBuckets,
  lastIndexOf,
  within,
} from './day-query.ts'

/** Runs of buckets whose values are read beside those whose sums are kept: each is a read of its own. */
const maxRuns = 8

/** Puts the figures of one day's buckets where they belong, but for the sums of lone buckets, which it returns: of kept sums where buckets are made up of windows that have some. Undefined when it cannot tell all to the last bit. */
export async function aggregateBuckets(
  day: DaySource,
  aggregate: DayAggregate,
): Promise<readonly LoneBucket[] | undefined> {
  const { slots, others } = await partsOf(day, aggregate)
  if (slots.length === 0 || others.length > maxRuns) return aggregateDay(day, aggregate)
  const lone = await aggregateKept(day, aggregate, slots)
  if (lone === undefined) return aggregateDay(day, aggregate)
  const all = [...lone]
  for (const run of others) {
    const found = await aggregateDay(day, within(aggregate, run))
    if (found === undefined) return undefined
    all.push(...found)
  }
  return all
}

interface Parts {
  /** Windows whose sums make up buckets, ascending. */
  readonly slots: readonly number[]
  /** The other buckets. */
  readonly others: readonly BucketRun[]
}

const nothing: Parts = { slots: [], others: [] }

async function partsOf(day: DaySource, { columns, buckets }: DayAggregate): Promise<Parts> {
  const { widthNs, startNs } = buckets
  if (columns.values !== 'floats' || widthNs % keptWidthNs !== 0 || startNs % keptWidthNs !== 0)
    return nothing
  const kept = await readKeptSlots(day)
  return kept.size === 0 ? nothing : partition(buckets, kept)
}

/** Which buckets are whole, and have all their windows kept. */
export function partition(buckets: DayBuckets, kept: ReadonlySet<number>): Parts {
  const slots: number[] = []
  const others: { first: number; last: number }[] = []
  for (let index = buckets.firstIndex; index <= lastIndexOf(buckets); index++) {
    const own = slotsOf(buckets, index)
    const before = others.at(-1)
    if (own.length > 0 && own.every((slot) => kept.has(slot))) slots.push(...own)
    else if (before?.last === index - 1) before.last = index
    else others.push({ first: index, last: index })
  }
  return { slots, others }
}

/** The windows of a bucket; none where the range has only a part of it. */
function slotsOf({ range, startNs, widthNs, firstIndex }: DayBuckets, index: number): number[] {
  const fromNs = startNs + (index - firstIndex) * widthNs
  if (fromNs < range.fromNs || fromNs + widthNs - 1 > range.toNs) return []
  const first = fromNs / keptWidthNs
  return Array.from({ length: widthNs / keptWidthNs }, (_, at) => first + at)
}
