import type { Value } from '../result.ts'
import type { Compiled } from './compile-expression.ts'
import type { Frame, FrameRow } from './frame.ts'
import { GoHeap } from './go-heap.ts'
import { timeOf } from './points.ts'

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
export function mergedRows(frames: readonly Frame[], options: MergeOptions): FrameRow[] {
  const ordered = options.ascending ? frames : frames.toReversed()
  const heads = ordered.flatMap((frame) => headOf(frame, options) ?? [])
  const [only, another] = heads
  if (only === undefined) return []
  if (another === undefined) return allOf(only, options)
  return only.row.frame.isAggregate === true
    ? sortedByTime(heads, options)
    : mergeHeads(heads, options)
}

function sortedByTime(heads: readonly Head[], options: MergeOptions): FrameRow[] {
  const rows = heads.flatMap((head) => allOf(head, options))
  return rows.sort((a, b) => {
    const [one, other] = [timeOf(a), timeOf(b)]
    if (one === other) return 0
    return one < other === options.ascending ? -1 : 1
  })
}

function* indicesOf({ times }: Frame, ascending: boolean): Generator<number, undefined> {
  if (ascending) for (let at = 0; at < times.length; at++) yield at
  else for (let at = times.length - 1; at >= 0; at--) yield at
}

function headOf(frame: Frame, options: MergeOptions): Head | undefined {
  const indices = indicesOf(frame, options.ascending)
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

function mergeHeads(heads: Head[], options: MergeOptions): FrameRow[] {
  const rows: FrameRow[] = []
  const heap = new GoHeap(heads, orderOf(options))
  for (let head = heap.pop(); head !== undefined; head = heap.pop()) {
    rows.push(head.row)
    if (advance(head, options)) heap.push(head)
  }
  return rows
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
