import type { Value } from '../../answers/result.ts'
import type { ExtraPlan } from '../call-plan.ts'
import type { FrameRow } from '../frame.ts'
import type { Points, RowPoints } from '../points.ts'
import type { Reduced, Reducer, Stretch } from './reduce-points.ts'

interface Reduction {
  readonly reducer: Reducer
  readonly parameter: number
  /** A point that was selected has its own time even in a bucket. */
  readonly keepsTime?: boolean
}

/** One point a bucket that has any (several for some functions), at the bucket's start or, for a selector without buckets, its own time. */
export function reducedByWindow(
  points: RowPoints,
  { windows, isSelector }: ExtraPlan,
  { reducer, parameter, keepsTime = false }: Reduction,
): Points {
  const { times, values, rows, closers } = points
  const isOwnTime = keepsTime || (isSelector && windows.interval === undefined)
  const out = { times: [] as bigint[], values: [] as Value[], rows: [] as (FrameRow | undefined)[] }
  const put = ({ value, index }: Reduced, start: bigint) => {
    out.times.push((isOwnTime && index !== undefined ? times[index] : undefined) ?? start)
    out.values.push(value)
    out.rows.push(index === undefined ? undefined : rows[index])
  }
  for (let from = 0; from < times.length; ) {
    const window = windows.around(times[from] ?? 0n)
    // A row of a subquery may be outside of the range, at the start of its bucket: InfluxDB sees nothing from there on.
    if (!isWithin(times[from] ?? 0n, window)) break
    const to = endOf({ times, closers }, from, window)
    const stretch: Stretch = { times, values, from, to }
    const reduced = [...reducer(stretch, parameter)]
    if (reduced.length > 1) byOwnTime(reduced, times)
    for (const one of reduced) put(one, windows.named(window.start))
    from = to
  }
  return out
}

/** Several points of one bucket come oldest first, also when the newest bucket comes first: so InfluxDB 1.6 does. */
function byOwnTime(reduced: Reduced[], times: readonly bigint[]): void {
  const timeOf = ({ index }: Reduced) => (index === undefined ? 0n : (times[index] ?? 0n))
  reduced.sort((a, b) => {
    const [one, other] = [timeOf(a), timeOf(b)]
    if (one === other) return 0
    return one < other ? -1 : 1
  })
}

interface Window {
  readonly start: bigint
  readonly end: bigint
}

const isWithin = (ns: bigint, { start, end }: Window): boolean => ns >= start && ns < end

/** The first point after `from` outside of its window. */
function endOf(
  {
    times,
    closers,
  }: Pick<RowPoints, 'times'> & { readonly closers: Points['closers'] | undefined },
  from: number,
  window: Window,
): number {
  const isClosed = (at: number) => closers?.get(at)?.some((time) => !isWithin(time, window))
  let to = from + 1
  while (to < times.length && isWithin(times[to] ?? 0n, window) && isClosed(to) !== true) to++
  return to
}
