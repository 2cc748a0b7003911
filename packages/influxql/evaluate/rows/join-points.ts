import type { Value } from '../../answers/result.ts'
import type { Fill } from '../../tree.ts'
import type { FrameRow } from '../frame.ts'
import type { Points } from '../points.ts'
import type { FieldType } from '../source.ts'
import { absentNumber } from '../windows/fill.ts'

export interface AggregateRow {
  /** One for each call. */
  readonly values: readonly Value[]
  /** Absent where a gap was filled: nothing was selected. */
  readonly row: FrameRow | undefined
}

interface Joined {
  readonly times: readonly bigint[]
  readonly rows: readonly AggregateRow[]
}

interface JoinOptions {
  readonly ascending: boolean
  readonly fill: Fill
  /** Of the calls. */
  readonly types: readonly FieldType[]
}

/** The points of several calls side by side: one row for each time that any of them has. What a call lacks is what fill() says:
 *  also the last value of a call that has no gaps of its own, such as a transformation (query/cursor.go). */
export function joinPoints(points: readonly Points[], options: JoinOptions): Joined {
  const absent = absentValues(options)
  const [first] = points
  const isAligned = points.every(({ times }) => times === first?.times)
  if (first !== undefined && isAligned) {
    const state = [...absent]
    const isKept = options.fill.kind === 'previous'
    const rows = first.times.map((_, at) => {
      const values = points.map(
        ({ values: own }, slot) => own[at] ?? (isKept ? state[slot] : absent[slot]) ?? null,
      )
      if (isKept) state.splice(0, state.length, ...values)
      return { values, row: first.rows?.[at] }
    })
    return { times: first.times, rows }
  }
  return mergedByTime(points, absent, options)
}

const absentValues = ({ fill, types }: JoinOptions): Value[] =>
  types.map((type) => (fill.kind === 'number' ? absentNumber(fill.value, type) : null))

function mergedByTime(
  points: readonly Points[],
  absent: readonly Value[],
  { ascending, fill }: JoinOptions,
): Joined {
  const next = points.map(() => 0)
  const state = [...absent]
  const times: bigint[] = []
  const rows: AggregateRow[] = []
  for (;;) {
    const time = nextTime(points, next, ascending)
    if (time === undefined) return { times, rows }
    let row: FrameRow | undefined
    const values = points.map((one, slot) => {
      const at = next[slot] ?? 0
      const missing = (fill.kind === 'previous' ? state[slot] : absent[slot]) ?? null
      if (one.times[at] !== time) return missing
      next[slot] = at + 1
      row ??= one.rows?.[at]
      return one.values[at] ?? missing
    })
    for (const [slot, value] of values.entries()) state[slot] = value
    times.push(time)
    rows.push({ values, row })
  }
}

function nextTime(
  points: readonly Points[],
  next: readonly number[],
  ascending: boolean,
): bigint | undefined {
  let best: bigint | undefined
  for (let slot = 0; slot < points.length; slot++) {
    const time = points[slot]?.times[next[slot] ?? 0]
    if (time === undefined) continue
    if (best === undefined || (ascending ? time < best : time > best)) best = time
  }
  return best
}
