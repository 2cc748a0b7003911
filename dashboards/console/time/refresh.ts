import { ranges, type TimeRange } from './range.ts'

/** The gateway answers live ranges up to the last point of this grid (ADR 40). */
const gridMs = 5000
/** What happened just before a point of the grid is stored by then. Each page has a moment of its own, lest all come at once. */
const settleMs = 1000 + Math.random() * 500

/** The first moment after one at which an answer is as new as answers get; milliseconds since the epoch. */
export const nextFresh = (ms: number, settle: number): number =>
  ms - ((ms - settle) % gridMs) + gridMs

/** When a query was last answered, well or not; milliseconds since the epoch, 0 of never. */
interface Answered {
  readonly state: { readonly dataUpdatedAt: number; readonly errorUpdatedAt: number }
}

/** Milliseconds until a query looks again; a fixed stretch is looked at once. */
export function refreshOf({ fixed, name }: TimeRange) {
  return ({ state }: Answered): number | false => {
    if (fixed !== undefined) return false
    if (ranges[name] > 3600) return 60_000
    const next = nextFresh(Math.max(state.dataUpdatedAt, state.errorUpdatedAt), settleMs)
    // Once that is over, a question is on its way.
    return Math.max(next - Date.now(), 0) || gridMs
  }
}
