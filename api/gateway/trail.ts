import type { CacheState } from './cache/cache-use.ts'
import type { Standing } from './limits/standing.ts'

/** What becomes of one query on its way, noted by those that it passes. One a query: a body of several searches has several. */
export interface Trail {
  /** Prints the scoped tree; until the query has been read, it as it was sent. */
  text: () => string
  /** What `text` holds on to is no more than some kilobytes. */
  isTextLight?: boolean | undefined
  /** Of the whole query, in units of cost. */
  cost: number
  /** Its points would cost more than its tenant may ask for, and rollups less. */
  isDear: boolean
  /** Where its range was cut to begin, nanoseconds since the epoch; absent: it was not. */
  clampedFromNs?: bigint
  /** Of what the stores were asked for it; less than `cost` where the cache had the rest. */
  askedCost: number
  /** How it has left each limit that it was counted in. */
  standings: readonly Standing[]
  /** How long it has waited for turns at the stores. */
  waitedMs: number
  /** While it waits for a turn, and just after: until one more like it would have had its own, at the pace of late, ms. Absent: it has not come so far. */
  msForOneMore?: () => number
  /** A store has been asked for it. */
  isAsked: boolean
  /** Of the cache; absent: nobody has looked. */
  cache?: CacheState
  /** Of the points that answered, as `raw+5m`; absent: of none, or of records. */
  resolution?: string | undefined
}

export const newTrail = (): Trail => ({
  text: () => '',
  cost: 0,
  isDear: false,
  askedCost: 0,
  standings: [],
  waitedMs: 0,
  isAsked: false,
})
