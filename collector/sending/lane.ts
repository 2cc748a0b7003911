import { setTimeout as sleep } from 'node:timers/promises'
import type { OutgoingMessage, Publisher } from '@warren/broker/publisher'
import type { Stream } from '@warren/contracts/topology'
import { backoffMs } from '@warren/platform/backoff'
import { dispositionOf, reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { SpoolRecord } from '@warren/spool/record'
import type { Spool } from '@warren/spool/spool'
import { fromRecord, toFixed, toRecord } from './envelope.ts'

export interface LaneOptions {
  readonly stream: Stream
  /** Of this lane alone, and one that refuses when it is full. */
  readonly spool: Spool
  readonly publisher: Publisher
  readonly log: Log
  /** A message on disk that the broker will never take. */
  readonly dropped: () => void
}

/** The messages of one stream. */
export interface Lane {
  /** Resolves once the message is the broker's or on the disk itself; rejects with what the publisher refuses for good, and with the spool's error. */
  publish(message: OutgoingMessage): Promise<'published' | 'spooled'>
  readonly bytes: number
  /** Why messages wait on disk, while any does. */
  readonly trouble: string | undefined
  /** Ends the sending of what is on disk, and leaves it there. */
  close(): Promise<void>
}

const retry = { firstMs: 200, maxMs: 5_000 }
/** Records on their way at once: as many as hide the broker's round trip. */
const atOnce = 16

/** Sends what is on disk, oldest first, whenever it is woken. */
function createDrain({ spool, publisher, stream, log, dropped }: LaneOptions) {
  const stopping = new AbortController()
  const { signal } = stopping
  let woken = Promise.withResolvers<void>()
  let trouble: string | undefined

  const send = async (record: SpoolRecord): Promise<void> => {
    signal.throwIfAborted()
    await publisher.publish(fromRecord(record)).catch((error: unknown) => {
      if (dispositionOf(error) !== 'reject') throw error
      dropped()
      log.error('a message on disk cannot be sent', { stream, reason: reasonOf(error) })
    })
  }
  const drain = async (attempt: number): Promise<number> => {
    try {
      await spool.drain(send, atOnce)
      trouble = undefined
      return 0
    } catch (error) {
      if (signal.aborted) return 0
      trouble = reasonOf(error)
      if (attempt === 0) log.warn('messages wait on disk', { stream, reason: trouble })
      await sleep(backoffMs(attempt, retry), undefined, { signal }).catch(() => undefined)
      return attempt + 1
    }
  }
  const run = async (): Promise<void> => {
    for (let attempt = 0; !signal.aborted; ) {
      woken = Promise.withResolvers<void>()
      attempt = await drain(attempt)
      if (attempt === 0 && !signal.aborted) await woken.promise
    }
  }
  const running = run()
  return {
    wake: () => woken.resolve(),
    trouble: () => trouble,
    close: async () => {
      stopping.abort()
      woken.resolve()
      await running
    },
  }
}

/** Straight to the broker while nothing waits on disk; behind what waits there else, so that the order is kept. */
export function createLane(options: LaneOptions): Lane {
  const { spool, publisher } = options
  const drain = createDrain(options)

  return {
    publish: async (given) => {
      const message = toFixed(given)
      if (spool.bytes === 0)
        try {
          await publisher.publish(message)
          return 'published'
        } catch (error) {
          if (dispositionOf(error) === 'reject') throw error
          // The broker may have it all the same: under the same id the two are one.
        }
      await spool.append(toRecord(message))
      drain.wake()
      return 'spooled'
    },
    get bytes() {
      return spool.bytes
    },
    get trouble() {
      return spool.bytes === 0 ? undefined : (drain.trouble() ?? 'they are being sent')
    },
    close: drain.close,
  }
}
