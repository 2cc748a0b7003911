import { createOffender } from './offender.ts'
import { hashSeries, seriesHash } from './series-hash.ts'
import { SeriesSet } from './series-set.ts'

/** Says of each point whether its series may be stored. */
export interface SeriesJudge {
  /** Whether the series with this hash was admitted today; that it was not says nothing against it. */
  isKnown(high: number, low: number): boolean
  /** Whether the series of the canonical line `[start, end)` is there or may be made. */
  admits(bytes: Uint8Array, start: number, end: number): boolean
  /** Why it did not. */
  readonly reason: string
}

export interface TenantSeries extends SeriesJudge {
  readonly size: number
  readonly lastRefusedMs: number
  /** What `admits` goes by from now on. */
  set(now: { readonly limit: number; readonly day: number }): void
  /** Hashes of series seen for the first time, or for the first time that day: pairs of a high and a low half, since the last call. */
  takePending(): number[]
  /** Puts back what could not be kept. */
  putBack(pairs: readonly number[]): void
  /** One that is known from before. */
  recall(high: number, low: number, day: number): void
  forget(fromDay: number): void
}

export function createTenantSeries(now: () => number): TenantSeries {
  const set = new SeriesSet()
  let offender = createOffender()
  let limit = Number.POSITIVE_INFINITY
  let day = 0
  let pending: number[] = []
  let lastRefusedMs = 0
  return {
    isKnown: (high, low) => set.dayOf(high, low) === day,
    admits(bytes, start, end) {
      const keyEnd = hashSeries(bytes, start, end)
      const { high, low } = seriesHash
      const before = set.touch(high, low, day)
      if (before === day) return true
      if (before === 0) {
        if (set.size >= limit) {
          lastRefusedMs = now()
          offender.note(bytes, start, keyEnd)
          return false
        }
        set.add(high, low, day)
      }
      pending.push(high, low)
      return true
    },
    get reason() {
      const most = offender.name === '' ? '' : `; most new values are those of ${offender.name}`
      return `the tenant has its limit of ${limit} series${most}`
    },
    get size() {
      return set.size
    },
    get lastRefusedMs() {
      return lastRefusedMs
    },
    set(now) {
      limit = now.limit
      day = Math.max(day, now.day)
    },
    takePending() {
      const taken = pending
      pending = []
      return taken
    },
    putBack(pairs) {
      pending = [...pairs, ...pending]
    },
    recall(high, low, seen) {
      if (set.touch(high, low, seen) === 0) set.add(high, low, seen)
    },
    forget(fromDay) {
      set.forget(fromDay)
      offender = createOffender()
    },
  }
}
