import type { Value } from '../../answers/result.ts'
import { minTimeNs, type TimeRange } from '../../time-range.ts'
import type { Compiled } from '../expressions/compile-expression.ts'
import type { Frame, FrameRow } from '../frame.ts'
import { timeOf } from '../points.ts'
import { shardsOf } from '../series-limit.ts'
import { GoHeap } from './go-heap.ts'

interface MergeOptions {
  readonly ascending: boolean
  /** Rows for which it is not true are left out. */
  readonly matches?: Compiled<FrameRow> | undefined
  /** Rows for which it is null are left out. */
  readonly has?: Compiled<FrameRow> | undefined
  /** What else is selected of a row, in the order of its names: decides between rows of one time. */
  readonly others?: readonly Compiled<FrameRow>[] | undefined
}

/** The next row of one series. */
interface Head {
  row: FrameRow
  time: bigint
  readonly indices: Iterator<number>
}

/** The rows of all frames that match, in the order of the answer. Rows of one time come in the order in which InfluxDB's heap of
 *  series yields them (query/iterator.gen.go, SortedMergeHeap), which depends on the number of series and on what they hold. */
export function mergedRows(frames: readonly Frame[], options: MergeOptions): readonly FrameRow[] {
  const [first, another] = frames
  if (first === undefined) return []
  if (first.isRun === true) return frames.flatMap((frame) => rowsOf([frame], options))
  return another === undefined || isSorted(first)
    ? rowsOf(frames, options)
    : eachShard(frames, options).flatMap((within) => rowsOf(frames, options, within))
}

/** The first so many rows of a measurement's first shard that has any. */
export function firstRows(
  frames: readonly Frame[],
  options: MergeOptions,
  count: number,
): readonly FrameRow[] {
  for (const within of eachShard(frames, options)) {
    const rows: FrameRow[] = []
    for (const row of mergedHeads(headsOf(frames, options, within), options)) {
      rows.push(row)
      if (rows.length === count) return rows
    }
    if (rows.length > 0) return rows
  }
  return []
}

/** The shards that have rows, in the order of the answer: InfluxDB merges the series of each by themselves. */
function eachShard(frames: readonly Frame[], { ascending }: MergeOptions): readonly TimeRange[] {
  const shards: TimeRange[] = []
  const after = (ns: bigint) =>
    leastOf(
      frames.map(({ times }) => times[indexFrom(times, ns)]).filter((each) => each !== undefined),
    )
  for (let next = after(minTimeNs); next !== undefined; ) {
    const shard = shardsOf({ minNs: next, maxNs: next })
    shards.push(shard)
    next = after(shard.maxNs + 1n)
  }
  return ascending ? shards : shards.reverse()
}

const leastOf = (times: readonly bigint[]): bigint | undefined =>
  times.reduce<bigint | undefined>(
    (least, time) => (least === undefined || time < least ? time : least),
    undefined,
  )

/** Of the first time that is not before `ns`. */
function indexFrom(times: readonly bigint[], ns: bigint): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0n) < ns) low = middle + 1
    else high = middle
  }
  return low
}

function headsOf(frames: readonly Frame[], options: MergeOptions, within?: TimeRange): Head[] {
  const ordered = options.ascending ? frames : frames.toReversed()
  return ordered.flatMap((frame) => headOf(frame, options, within) ?? [])
}

function rowsOf(
  frames: readonly Frame[],
  options: MergeOptions,
  within?: TimeRange,
): readonly FrameRow[] {
  const heads = headsOf(frames, options, within)
  const [only, another] = heads
  if (only === undefined) return []
  if (another === undefined) return allOf(only, options)
  return isSorted(only.row.frame) ? sortedByTime(heads, options) : [...mergedHeads(heads, options)]
}

function sortedByTime(heads: readonly Head[], options: MergeOptions): FrameRow[] {
  const rows = heads.flatMap((head) => allOf(head, options))
  return rows.sort((a, b) => {
    const [one, other] = timeOf(a) === timeOf(b) ? [rankOf(a), rankOf(b)] : [timeOf(a), timeOf(b)]
    if (one === other) return 0
    return one < other === options.ascending ? -1 : 1
  })
}

const rankOf = ({ frame, index }: FrameRow): bigint => frame.ranks?.[index] ?? 0n

/** Not merged, but sorted: by time, then by rank, then as the frames come. */
const isSorted = ({ isAggregate, ranks }: Frame): boolean =>
  isAggregate === true || ranks !== undefined

interface Stretch {
  readonly from: number
  readonly to: number
}

function* indicesOf({ from, to }: Stretch, ascending: boolean): Generator<number, undefined> {
  if (ascending) for (let at = from; at < to; at++) yield at
  else for (let at = to - 1; at >= from; at--) yield at
}

function stretchOf({ times }: Frame, within: TimeRange | undefined): Stretch {
  if (within === undefined) return { from: 0, to: times.length }
  return { from: indexFrom(times, within.minNs), to: indexFrom(times, within.maxNs + 1n) }
}

function headOf(
  frame: Frame,
  options: MergeOptions,
  within: TimeRange | undefined,
): Head | undefined {
  const indices = indicesOf(stretchOf(frame, within), options.ascending)
  const head: Head = { row: { frame, index: -1 }, time: 0n, indices }
  return advance(head, options) ? head : undefined
}

/** Moves to the next row that matches; false at the end. */
function advance(head: Head, { matches, has }: MergeOptions): boolean {
  const { frame } = head.row
  for (;;) {
    const next = head.indices.next()
    if (next.done === true) return false
    const row = { frame, index: next.value }
    if (matches !== undefined && matches(row) !== true) continue
    if (has !== undefined && has(row) === null) continue
    head.row = row
    head.time = timeOf(row)
    return true
  }
}

function allOf(head: Head, options: MergeOptions): FrameRow[] {
  const rows = [head.row]
  while (advance(head, options)) rows.push(head.row)
  return rows
}

function* mergedHeads(heads: Head[], options: MergeOptions): Generator<FrameRow> {
  const heap = new GoHeap(heads, orderOf(options))
  for (let head = heap.pop(); head !== undefined; head = heap.pop()) {
    yield head.row
    if (advance(head, options)) heap.push(head)
  }
}

function orderOf({ ascending, others = [] }: MergeOptions): (a: Head, b: Head) => boolean {
  return (a, b) => {
    if (a.time !== b.time) return a.time < b.time === ascending
    for (const other of others) {
      const [left, right]: Value[] = [other(a.row), other(b.row)]
      // Only texts are compared, and only up to the first value that is none.
      if (typeof left !== 'string' || typeof right !== 'string') return false
      if (left !== right) return left < right === ascending
    }
    return false
  }
}
