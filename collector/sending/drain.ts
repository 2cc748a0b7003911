import { setTimeout as sleep } from 'node:timers/promises'
import type { Publisher } from '@warren/broker/publisher'
import { type BackoffOptions, backoffMs } from '@warren/platform/backoff'
import { dispositionOf, reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { SpoolRecord } from '@warren/spool/record'
import type { Spool } from '@warren/spool/spool'
import { type FixedMessage, fromRecord } from './envelope.ts'
import { createSuspicion } from './suspicion.ts'

/** Where messages are kept until the broker takes them. */
interface Shelter {
  adopt(record: SpoolRecord): Promise<void>
}

export interface DrainOptions {
  /** What waits there, for the log. */
  readonly what: Readonly<Record<string, string>>
  readonly spool: Spool
  /** Of this drain's lane alone: a refusal closes its channel. */
  readonly publisher: Publisher
  readonly log: Log
  readonly retry: BackoffOptions
  /** A message that the broker will never take. */
  readonly dropped: () => void
  /** Where messages go that the broker does not take while it takes others; without, they hold up what is behind them. */
  readonly sidings?: {
    of(key: string): Shelter | undefined
    open(key: string, reason: string): Promise<Shelter | undefined>
  }
}

/** Sends what is on disk, oldest first, whenever it is woken. */
export interface Drain {
  wake(): void
  /** Why the last message could not be sent, until all are. */
  readonly trouble: string | undefined
  /** Leaves on disk what was not sent. */
  close(): Promise<void>
}

/** Records on their way at once: as many as hide the broker's round trip. */
const atOnce = 16

/** Sends one record, to the broker or to its tenant's siding. */
function createSend({ publisher, sidings, what, log, dropped }: DrainOptions) {
  const suspicion = createSuspicion()

  const give = (error: unknown): void => {
    dropped()
    log.error('a message on disk cannot be sent', { ...what, reason: reasonOf(error) })
  }
  /** Resolves when the message is done with all the same. */
  const afterRefusal = async (record: SpoolRecord, error: unknown, alone: boolean) => {
    const reason = reasonOf(error)
    if (dispositionOf(error) === 'reject') return give(error)
    if (!suspicion.convicts(record.messageId, error, alone)) throw error
    const siding = await sidings?.open(fromRecord(record).key, reason)
    if (siding === undefined) throw error
    await siding.adopt(record)
  }
  /** Undefined for what is none, and would hold up for ever what is behind it. */
  const messageOf = (record: SpoolRecord): FixedMessage | undefined => {
    try {
      return fromRecord(record)
    } catch (error) {
      give(error)
      return undefined
    }
  }
  const publish = async (record: SpoolRecord): Promise<void> => {
    const message = messageOf(record)
    if (message === undefined) return
    const siding = sidings?.of(message.key)
    if (siding !== undefined) return siding.adopt(record)
    const alone = suspicion.isRaised
    await publisher.publish(message).catch((error: unknown) => afterRefusal(record, error, alone))
  }
  return {
    atOnce: () => (suspicion.isRaised ? 1 : atOnce),
    send: async (record: SpoolRecord): Promise<void> => {
      await publish(record)
      suspicion.clear(record.messageId)
    },
  }
}

export function createDrain(options: DrainOptions): Drain {
  const { spool, log, what, retry } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const sending = createSend(options)
  let woken = Promise.withResolvers<void>()
  let trouble: string | undefined

  const send = async (record: SpoolRecord): Promise<void> => {
    signal.throwIfAborted()
    await sending.send(record)
  }
  const drain = async (attempt: number): Promise<number> => {
    try {
      await spool.drain(send, sending.atOnce)
      trouble = undefined
      return 0
    } catch (error) {
      if (signal.aborted) return 0
      trouble = reasonOf(error)
      if (attempt === 0) log.warn('messages wait on disk', { ...what, reason: trouble })
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
    get trouble() {
      return trouble
    },
    close: async () => {
      stopping.abort()
      woken.resolve()
      await running
    },
  }
}
