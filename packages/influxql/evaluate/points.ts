import type { Value } from '../answers/result.ts'
import type { FrameRow } from './frame.ts'
import { partOf, type Values } from './values.ts'

/** The output of a call in one group, in the order of the answer. Several points may have one time. */
export interface Points {
  readonly times: readonly bigint[]
  /** Null where a gap was filled with nothing. */
  readonly values: Values
  /** Where a selected point comes from, for the other fields and tags of its row. */
  readonly rows?: readonly (FrameRow | undefined)[]
  /** By point: times of rows without a value before it. One outside of the bucket ends it, where rows are not in the order of time. */
  readonly closers?: ReadonlyMap<number, readonly bigint[]>
}

export function timeOf({ frame, index }: FrameRow): bigint {
  return frame.times[index] ?? 0n
}

/** Points in which each comes from a row. */
export type RowPoints = Points & Required<Pick<Points, 'rows'>>

/** The values that a field has in the rows. */
export function pointsOf(rows: readonly FrameRow[], read: (row: FrameRow) => Value): RowPoints {
  const found = { times: [] as bigint[], values: [] as Value[], rows: [] as FrameRow[] }
  const closers = new Map<number, bigint[]>()
  for (const row of rows) {
    const value = read(row)
    if (value === null) {
      const before = closers.get(found.times.length)
      if (before === undefined) closers.set(found.times.length, [timeOf(row)])
      else before.push(timeOf(row))
      continue
    }
    found.times.push(timeOf(row))
    found.values.push(value)
    found.rows.push(row)
  }
  return closers.size === 0 ? found : { ...found, closers }
}

/** The points of a page; a limit of 0 is none. */
export function pageOfPoints(points: Points, offset: number, limit: number): Points {
  if (limit === 0 && offset === 0) return points
  const end = limit === 0 ? undefined : offset + limit
  return {
    times: points.times.slice(offset, end),
    values: partOf(points.values, offset, end),
    ...(points.rows === undefined ? {} : { rows: points.rows.slice(offset, end) }),
  }
}
