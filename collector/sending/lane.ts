import type { OutgoingMessage } from '@warren/broker/publisher'
import { dispositionOf, reasonOf } from '@warren/platform/errors'
import type { SpoolRecord } from '@warren/spool/record'
import { createDrain, type DrainOptions } from './drain.ts'
import { toFixed, toRecord } from './envelope.ts'

/** Messages that are sent in their order. */
export interface Lane {
  /** Resolves once the message is the broker's or on the disk itself; rejects with what the publisher refuses for good, and with the spool's error. */
  publish(message: OutgoingMessage): Promise<'published' | 'spooled'>
  /** Takes over what another lane has on disk; resolves when it is on disk here. */
  adopt(record: SpoolRecord): Promise<void>
  readonly bytes: number
  /** Nothing is on its way or on disk. */
  readonly isIdle: boolean
  /** Why messages wait on disk, while any does; why the last one found no place there either, for half a minute. */
  readonly trouble: string | undefined
  /** Waits for what is on its way; ends the sending of what is on disk, and leaves it there. */
  close(): Promise<void>
}

const refusedShownMs = 30_000

/** Straight to the broker while nothing waits on disk; behind what waits there else, so that the order is kept. The spool refuses when it is full; the publisher is closed with the lane. */
export function createLane(options: DrainOptions): Lane {
  const { spool, publisher, log, what } = options
  const drain = createDrain(options)
  let running = 0
  /** Why the last message was not taken that came to an empty spool: known before the drain has tried it again. */
  let refusal: string | undefined
  /** Of the last message, when the disk did not take it either. */
  let lost: { readonly reason: string; readonly atMs: number } | undefined
  const keep = async (record: SpoolRecord): Promise<void> => {
    try {
      await spool.append(record)
      lost = undefined
    } catch (error) {
      if (lostNow() === undefined)
        log.warn('messages are refused', { ...what, reason: reasonOf(error) })
      lost = { reason: reasonOf(error), atMs: performance.now() }
      throw error
    }
  }
  const lostNow = (): string | undefined =>
    lost !== undefined && performance.now() - lost.atMs < refusedShownMs ? lost.reason : undefined

  const publish = async (given: OutgoingMessage): Promise<'published' | 'spooled'> => {
    const message = toFixed(given)
    if (spool.bytes === 0)
      try {
        await publisher.publish(message)
        lost = undefined
        return 'published'
      } catch (error) {
        if (dispositionOf(error) === 'reject') throw error
        // The broker may have it all the same: under the same id the two are one.
        refusal = reasonOf(error)
      }
    await keep(toRecord(message))
    drain.wake()
    return 'spooled'
  }
  return {
    publish: async (message) => {
      running += 1
      try {
        return await publish(message)
      } finally {
        running -= 1
      }
    },
    adopt: async (record) => {
      await spool.adopt(record)
      drain.wake()
    },
    get bytes() {
      return spool.bytes
    },
    get isIdle() {
      return running === 0 && spool.bytes === 0
    },
    get trouble() {
      return spool.bytes === 0 ? lostNow() : (drain.trouble ?? refusal ?? 'they are being sent')
    },
    close: async () => {
      await publisher.close()
      await drain.close()
    },
  }
}
