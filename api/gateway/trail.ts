import type { CacheState } from './cache/cache-use.ts'

/** What becomes of one query on its way, noted by those that it passes. One a query: a body of several searches has several. */
export interface Trail {
  /** Prints the scoped tree; empty until the query has been read. */
  text: () => string
  /** Of the whole query, in units of cost. */
  cost: number
  /** How long it has waited for turns at the stores. */
  waitedMs: number
  /** A store has been asked for it. */
  isAsked: boolean
  /** Of the cache; absent: nobody has looked. */
  cache?: CacheState
}

export const newTrail = (): Trail => ({ text: () => '', cost: 0, waitedMs: 0, isAsked: false })
