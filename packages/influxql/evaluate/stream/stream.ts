import { meanOf } from '../functions/reduce-points.ts'
import type { ColumnChunk, FieldColumn } from '../source.ts'
import {
  areIntegers,
  type BucketSums,
  createSums,
  emptied,
  type IntegerSums,
} from './bucket-sums.ts'
import { ExactSum } from './exact-sum.ts'

/** Functions that can be computed chunk by chunk, in any order of series. */
export type StreamFunction = 'count' | 'sum' | 'mean' | 'min' | 'max' | 'spread'

/** Those that a source may have computed. */
export type PushedFunction = StreamFunction | 'median'

const streamed: ReadonlySet<string> = new Set(['count', 'sum', 'mean', 'min', 'max', 'spread'])

export function isStreamFunction(name: string): name is StreamFunction {
  return streamed.has(name)
}

/** By starts: series of many groups have the same, and each group's figures are read before the next one's are made. */
const knownSums = new WeakMap<readonly bigint[], BucketSums>()

/** Without figures. */
function sumsFor(starts: readonly bigint[]): BucketSums {
  const known = knownSums.get(starts)
  if (known !== undefined) return emptied(known)
  const sums = createSums(starts.length)
  knownSums.set(starts, sums)
  return sums
}

/** The figures of columns of several series, until it is called for the same starts again. `starts` are the buckets' first nanoseconds; all points are at or after the first. */
export function sumColumns(
  columns: readonly FieldColumn[],
  starts: readonly bigint[],
  needsSums: boolean,
): BucketSums {
  const sums = sumsFor(starts)
  const [first] = columns
  if (first !== undefined && columns.length === 1) {
    eachStretch(first, starts, (bucket, stretch) => addStretch(sums, bucket, stretch))
    return sums
  }
  const shared = new Map<number, ExactSum>()
  // The first series of each bucket, counted from 1.
  const owners = new Uint32Array(starts.length)
  columns.forEach((column, index) => {
    eachStretch(column, starts, (bucket, stretch) => {
      addStretch(sums, bucket, stretch)
      const owner = owners[bucket] ?? 0
      if (owner === 0) owners[bucket] = index + 1
      else if (owner !== index + 1 && !shared.has(bucket)) shared.set(bucket, new ExactSum())
    })
  })
  if (needsSums && shared.size > 0) addExactly(sums, { columns, starts, shared })
  return sums
}

interface Shared {
  readonly columns: readonly FieldColumn[]
  readonly starts: readonly bigint[]
  /** By bucket that several series have points in. */
  readonly shared: ReadonlyMap<number, ExactSum>
}

function addExactly({ sums }: BucketSums, { columns, starts, shared }: Shared): void {
  for (const column of columns)
    eachStretch(column, starts, (bucket, { values, from, to }) => {
      const sum = shared.get(bucket)
      // Beyond what a float holds there is no exact sum either.
      if (sum === undefined || !isSummable(sums[bucket] ?? 0)) return
      for (let at = from; at < to; at++) sum.add(Number(values[at] ?? 0))
    })
  for (const [bucket, sum] of shared) if (isSummable(sums[bucket] ?? 0)) sums[bucket] = sum.value()
}

const isSummable = (sum: number): boolean => Math.abs(sum) < 2 ** 1000

/** The last bucket that starts at or before the time. */
function bucketOf(starts: readonly bigint[], ns: bigint): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0n) <= ns) low = middle
    else high = middle - 1
  }
  return low
}

/** Where buckets end, as offsets from the base of a chunk; NaN where nobody asked yet. */
interface Ends {
  readonly baseNs: bigint
  readonly offsets: Float64Array
}

/** By starts, those of the base that was asked for last: series share the starts, and most of their chunks a base. */
const knownEnds = new WeakMap<readonly bigint[], Ends>()

function endsOf(starts: readonly bigint[], baseNs: bigint): Ends {
  const known = knownEnds.get(starts)
  if (known?.baseNs === baseNs) return known
  const ends = { baseNs, offsets: new Float64Array(starts.length).fill(Number.NaN) }
  knownEnds.set(starts, ends)
  return ends
}

/** Within a chunk offsets are exact in a double, and so is a start less than a day away from its base. */
function endOffset(starts: readonly bigint[], { baseNs, offsets }: Ends, bucket: number): number {
  const known = offsets[bucket] ?? Number.NaN
  if (!Number.isNaN(known)) return known
  const end = starts[bucket + 1]
  const offset = end === undefined ? Number.POSITIVE_INFINITY : Number(end - baseNs)
  offsets[bucket] = offset
  return offset
}

type TakeStretch = (bucket: number, stretch: Stretch) => void

/** The values of a column that fall into one bucket, one stretch after the other. */
function eachStretch(column: FieldColumn, starts: readonly bigint[], take: TakeStretch): void {
  for (const chunk of column.chunks) eachOfChunk(chunk, starts, take)
}

function eachOfChunk(chunk: ColumnChunk, starts: readonly bigint[], take: TakeStretch): void {
  const { baseNs, offsetsNs, values } = chunk
  if (offsetsNs.length === 0) return
  let bucket = bucketOf(starts, baseNs + BigInt(offsetsNs[0] ?? 0))
  const ends = endsOf(starts, baseNs)
  let from = 0
  while (from < offsetsNs.length) {
    const end = endOffset(starts, ends, bucket)
    let to = from
    while (to < offsetsNs.length && (offsetsNs[to] ?? 0) < end) to++
    if (to > from) take(bucket, { values, from, to })
    from = to
    bucket++
  }
}

interface Stretch {
  readonly values: ColumnChunk['values']
  readonly from: number
  readonly to: number
}

function addStretch(into: BucketSums, bucket: number, { values, from, to }: Stretch): void {
  into.counts[bucket] = (into.counts[bucket] ?? 0) + to - from
  if (!(values instanceof Float64Array)) return
  let sum = into.sums[bucket] ?? 0
  let low = into.lows[bucket] ?? 0
  let high = into.highs[bucket] ?? 0
  for (let at = from; at < to; at++) {
    const value = values[at] ?? 0
    sum += value
    if (value < low) low = value
    if (value > high) high = value
  }
  into.sums[bucket] = sum
  into.lows[bucket] = low
  into.highs[bucket] = high
}

/** Whether the values of buckets are floats: means of integers are as well, but not made at once. */
export const hasFloats = (
  name: PushedFunction,
  sums: BucketSums | IntegerSums,
): sums is BucketSums => name !== 'count' && !areIntegers(sums)

/** The values of the first buckets, each of which has points. Fills `into` and returns it. */
export function bucketFloats(
  name: PushedFunction,
  sums: BucketSums,
  into: Float64Array,
): Float64Array {
  const { counts, sums: totals } = sums
  // One loop for what dashboards ask most.
  if (name === 'mean')
    for (let bucket = 0; bucket < into.length; bucket++)
      into[bucket] = meanOf(totals[bucket] ?? 0, counts[bucket] ?? 0)
  else
    for (let bucket = 0; bucket < into.length; bucket++)
      into[bucket] = Number(bucketValue(name, sums, bucket))
  return into
}

/** The value of a bucket that has points. */
export function bucketValue(
  name: PushedFunction,
  sums: BucketSums | IntegerSums,
  bucket: number,
): number | bigint {
  if (areIntegers(sums)) return integerValue(name, sums, bucket)
  const count = sums.counts[bucket] ?? 0
  const sum = sums.sums[bucket] ?? 0
  const low = sums.lows[bucket] ?? 0
  const high = sums.highs[bucket] ?? 0
  switch (name) {
    case 'count':
      return BigInt(count)
    case 'sum':
      return sum
    case 'mean':
      return meanOf(sum, count)
    case 'min':
      return low
    case 'max':
      return high
    case 'spread':
      return high - low
    case 'median':
      return sums.medians[bucket] ?? 0
  }
}

function integerValue(name: PushedFunction, sums: IntegerSums, bucket: number): number | bigint {
  const count = sums.counts[bucket] ?? 0
  const sum = sums.sums[bucket] ?? 0n
  const low = sums.lows[bucket] ?? 0n
  const high = sums.highs[bucket] ?? 0n
  switch (name) {
    case 'count':
      return BigInt(count)
    case 'sum':
      return sum
    case 'mean':
      return meanOf(Number(sum), count)
    case 'min':
      return low
    case 'max':
      return high
    case 'spread':
      return BigInt.asIntN(64, high - low)
    case 'median':
      throw new Error('BUG: a median of integers is made of the values')
  }
}
