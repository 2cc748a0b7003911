import type { Value } from '../result.ts'
import type { Compiled } from './compile-expression.ts'
import type { Frame, FrameRow } from './frame.ts'

/** The output of a call in one group, in the order of the answer. Several points may have one time. */
export interface Points {
  readonly times: readonly bigint[]
  readonly values: readonly Value[]
  /** Where a selected point comes from, for the other fields and tags of its row. */
  readonly rows?: readonly (FrameRow | undefined)[]
}

/** The rows of all frames that match, oldest first; of one time in the order of the frames. */
export function mergedRows(
  frames: readonly Frame[],
  matches: Compiled<FrameRow> | undefined,
): FrameRow[] {
  const rows: FrameRow[] = []
  for (const frame of frames)
    for (let index = 0; index < frame.times.length; index++) {
      const row = { frame, index }
      if (matches === undefined || matches(row) === true) rows.push(row)
    }
  return frames.length < 2 ? rows : rows.sort(byTime)
}

export function timeOf({ frame, index }: FrameRow): bigint {
  return frame.times[index] ?? 0n
}

function byTime(a: FrameRow, b: FrameRow): number {
  const [left, right] = [timeOf(a), timeOf(b)]
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** The values of one field in the rows that have it. */
export function pointsOf(rows: readonly FrameRow[], field: string): Required<Points> {
  const found: Required<{ times: bigint[]; values: Value[]; rows: FrameRow[] }> = {
    times: [],
    values: [],
    rows: [],
  }
  for (const row of rows) {
    const value = row.frame.columns.get(field)?.[row.index] ?? null
    if (value === null) continue
    found.times.push(timeOf(row))
    found.values.push(value)
    found.rows.push(row)
  }
  return found
}

export function reversed({ times, values, rows }: Points): Points {
  return {
    times: times.toReversed(),
    values: values.toReversed(),
    ...(rows === undefined ? {} : { rows: rows.toReversed() }),
  }
}
