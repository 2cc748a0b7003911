import type { Value } from '../result.ts'
import type { ExtraPlan } from './call-points.ts'
import type { FrameRow } from './frame.ts'
import type { Points } from './points.ts'
import type { Reducer } from './reduce-points.ts'

/** One point a bucket that has any (several for distinct), at the bucket's start or, for a selector without buckets, its own time. */
export function reducedByWindow(
  { times, values, rows }: Required<Points>,
  { windows, isSelector }: ExtraPlan,
  { reducer, parameter }: { readonly reducer: Reducer; readonly parameter: number },
): Points {
  const keepsTime = isSelector && windows.interval === undefined
  const out = { times: [] as bigint[], values: [] as Value[], rows: [] as (FrameRow | undefined)[] }
  for (let from = 0; from < times.length; ) {
    const { start, end } = windows.around(times[from] ?? 0n)
    let to = from + 1
    while (to < times.length && (times[to] ?? 0n) < end) to++
    for (const { value, index } of reducer({ times, values, from, to }, parameter)) {
      out.times.push(keepsTime && index !== undefined ? (times[index] ?? 0n) : start)
      out.values.push(value)
      out.rows.push(index === undefined ? undefined : rows[index])
    }
    from = to
  }
  return out
}
