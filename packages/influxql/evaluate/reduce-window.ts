import type { Value } from '../result.ts'
import type { ExtraPlan } from './call-plan.ts'
import type { FrameRow } from './frame.ts'
import type { Points } from './points.ts'
import type { Reduced, Reducer, Stretch } from './reduce-points.ts'

interface Reduction {
  readonly reducer: Reducer
  readonly parameter: number
  /** A point that was selected has its own time even in a bucket. */
  readonly keepsTime?: boolean
}

/** One point a bucket that has any (several for some functions), at the bucket's start or, for a selector without buckets, its own time. */
export function reducedByWindow(
  points: Required<Points>,
  { windows, isSelector }: ExtraPlan,
  { reducer, parameter, keepsTime = false }: Reduction,
): Points {
  const { times, values, rows } = points
  const isOwnTime = keepsTime || (isSelector && windows.interval === undefined)
  const out = { times: [] as bigint[], values: [] as Value[], rows: [] as (FrameRow | undefined)[] }
  const put = ({ value, index }: Reduced, start: bigint) => {
    out.times.push((isOwnTime && index !== undefined ? times[index] : undefined) ?? start)
    out.values.push(value)
    out.rows.push(index === undefined ? undefined : rows[index])
  }
  for (let from = 0; from < times.length; ) {
    const { start, end } = windows.around(times[from] ?? 0n)
    const to = endOf(times, from, end)
    const stretch: Stretch = { times, values, from, to }
    for (const reduced of reducer(stretch, parameter)) put(reduced, start)
    from = to
  }
  return out
}

/** The first point after `from` at or after a time. */
function endOf(times: readonly bigint[], from: number, end: bigint): number {
  let to = from + 1
  while (to < times.length && (times[to] ?? 0n) < end) to++
  return to
}
