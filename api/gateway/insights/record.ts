import { reasonOf } from '@warren/platform/errors'
import type { Asker } from '../asker.ts'
import type { CacheState } from '../cache/cache-use.ts'
import type { Trail } from '../trail.ts'

export type QueryProtocol = 'influxql' | 'elasticsearch' | 'flux'

/** `refused`: no store was asked; `error`: one was, in vain; else what the cache did for the answer. */
export type QueryState = CacheState | 'refused' | 'error'

/** One query, once it is answered. */
export interface QueryRecord {
  readonly asker: Omit<Asker, 'signal' | 'trail'>
  readonly protocol: QueryProtocol
  /** Prints the scoped tree, or where the query could not be read what was sent. Of any length. */
  readonly text: () => string
  /** What `text` holds on to is no more than some kilobytes: it may be printed later. */
  readonly isTextLight?: boolean | undefined
  /** Of the whole query, in units of cost. */
  readonly cost: number
  /** Of what stores were asked for it. */
  readonly askedCost: number
  /** For a turn at the store. */
  readonly waitedMs: number
  /** From the request to the answer, waiting included. */
  readonly tookMs: number
  readonly state: QueryState
  /** Of the answer, before any compression. */
  readonly rows: number
  readonly bytes: number
  /** Of the points that answered, as `raw+5m`. */
  readonly resolution?: string | undefined
  /** Where its range was cut to begin, nanoseconds since the epoch. */
  readonly clampedFromNs?: bigint | undefined
  /** Why it was refused or failed, as the client reads it. */
  readonly reason?: string
}

/** Takes a record after each query, in its turn of the event loop: it only notes, and never throws. */
export type NoteQuery = (record: QueryRecord) => void

interface Ended {
  readonly rows: number
  readonly bytes: number
  readonly reason?: string
}

/** Begins the record of a query; what it returns ends it. */
export function beginRecord(protocol: QueryProtocol, asker: Asker) {
  const startMs = performance.now()
  const { trail } = asker
  return ({ rows, bytes, reason }: Ended): QueryRecord => ({
    ...{ asker, protocol, rows, bytes },
    ...{
      text: trail.text,
      isTextLight: trail.isTextLight,
      cost: trail.cost,
      waitedMs: trail.waitedMs,
    },
    askedCost: trail.askedCost,
    tookMs: performance.now() - startMs,
    state: stateOf(trail, reason),
    ...{ resolution: trail.resolution, clampedFromNs: trail.clampedFromNs },
    ...(reason === undefined ? {} : { reason }),
  })
}

function stateOf({ isAsked, cache = 'miss' }: Trail, reason: string | undefined): QueryState {
  if (reason === undefined) return cache
  return isAsked ? 'error' : 'refused'
}

export const failedWith = (error: unknown): Ended => ({
  rows: 0,
  bytes: 0,
  reason: reasonOf(error),
})
