/** Which timestamps are believed, nanoseconds since the epoch. A clock that stands at 1970 or runs a year ahead is a fault of its host. */
export interface TimeWindow {
  readonly fromNs: number
  readonly toNs: number
}

/** 1971-01-01T00:00:00Z */
const firstNs = 31_536_000 * 1e9

/** As doubles: a bound need not be exact to the nanosecond. */
export const timeWindow = (nowMs: number, maxAheadMs: number): TimeWindow => ({
  fromNs: firstNs,
  toNs: (nowMs + maxAheadMs) * 1e6,
})

export const isWithin = ({ fromNs, toNs }: TimeWindow, timeNs: number): boolean =>
  timeNs >= fromNs && timeNs <= toNs
