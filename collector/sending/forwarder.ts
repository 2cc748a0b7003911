import { setTimeout as sleep } from 'node:timers/promises'
import { newMessageId } from '@warren/broker/message-id'
import type { OutgoingMessage } from '@warren/broker/publisher'
import { contentTypes } from '@warren/contracts/message'
import { exchanges, type Stream } from '@warren/contracts/topology'
import { backoffMs } from '@warren/platform/backoff'
import { dispositionOf, reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'

/** Where messages go: resolves once one is the broker's or on disk, rejects as a publisher does. */
export interface Outgoing {
  publish(message: OutgoingMessage): Promise<void>
}

export interface ForwarderOptions {
  readonly outgoing: Outgoing
  readonly stream: Stream
  /** UTF-16 units of one message, which are at most three times as many bytes. */
  readonly messageUnits: number
  /** Units of lines that are not sent for good; above it `isFull`. */
  readonly maxPendingUnits: number
  /** How long a line waits for others. */
  readonly waitMs: number
  readonly log: Log
  readonly sent: (lines: number) => void
  readonly lost: (reason: 'too_long' | 'unconfirmed', lines: number) => void
  /** There is room again. */
  readonly onRoom: () => void
}

export interface Forwarder {
  /** Adds one line without line feed to the messages of a key. */
  add(key: string, line: string): void
  readonly isFull: boolean
  /** Why the last message could not be sent, while it is tried again. */
  readonly trouble: string | undefined
  /** Sends what is there; what is not sent within the time is lost, and counted. */
  close(deadlineMs: number): Promise<void>
}

interface Batch {
  readonly key: string
  text: string
  lines: number
}

interface Body {
  readonly message: OutgoingMessage
  readonly units: number
  readonly lines: number
}

const streamOf: Readonly<Record<Stream, Pick<OutgoingMessage, 'exchange' | 'contentType'>>> = {
  metrics: { exchange: exchanges.metrics, contentType: contentTypes.lineProtocol },
  logs: { exchange: exchanges.logs, contentType: contentTypes.ndjson },
}

const toBody = ({ key, text, lines }: Batch, stream: Stream): Body => ({
  message: { ...streamOf[stream], key, body: Buffer.from(text), messageId: newMessageId() },
  units: text.length,
  lines,
})

const retry = { firstMs: 200, maxMs: 5_000 }

/** Tries one message, under one id, until it is sent, refused for good, or given up. */
function createSending({ outgoing, log, sent, lost }: ForwarderOptions) {
  const givenUp = new AbortController()
  let trouble: string | undefined

  const attempt = async (message: OutgoingMessage): Promise<'sent' | 'refused' | 'again'> => {
    try {
      await outgoing.publish(message)
      trouble = undefined
      return 'sent'
    } catch (error) {
      trouble = reasonOf(error)
      if (dispositionOf(error) === 'retry') return 'again'
      log.error('a message cannot be sent', { reason: trouble })
      return 'refused'
    }
  }
  return {
    givenUp,
    trouble: () => trouble,
    send: async ({ message, lines }: Body): Promise<void> => {
      for (let tries = 0; !givenUp.signal.aborted; tries++) {
        const outcome = await attempt(message)
        if (outcome === 'sent') return sent(lines)
        if (outcome === 'refused') break
        const wait = sleep(backoffMs(tries, retry), undefined, { signal: givenUp.signal })
        await wait.catch(() => undefined)
      }
      lost('unconfirmed', lines)
    },
  }
}

/** Lines by their key, until a message is full or has waited. */
function createBatches({ messageUnits, waitMs }: ForwarderOptions, send: (batch: Batch) => void) {
  const batches = new Map<string, Batch>()
  let timer: NodeJS.Timeout | undefined

  const take = (batch: Batch): void => {
    batches.delete(batch.key)
    send(batch)
  }
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    for (const batch of [...batches.values()]) take(batch)
  }
  const batchOf = (key: string, units: number): Batch => {
    const found = batches.get(key)
    if (found !== undefined && found.text.length + units <= messageUnits) return found
    if (found !== undefined) take(found)
    const batch = { key, text: '', lines: 0 }
    batches.set(key, batch)
    return batch
  }
  return {
    flush,
    add: (key: string, line: string): void => {
      const batch = batchOf(key, line.length + 1)
      batch.text += `${line}\n`
      batch.lines += 1
      timer ??= setTimeout(flush, waitMs)
    },
  }
}

/** Gathers lines to messages by their key and sends them. One that cannot be sent now is kept and tried again: its bytes count until it is. */
export function createForwarder(options: ForwarderOptions): Forwarder {
  const { stream, messageUnits, maxPendingUnits, lost, onRoom } = options
  const running = new Set<Promise<void>>()
  const sending = createSending(options)
  let pending = 0

  const isFull = (): boolean => pending >= maxPendingUnits

  const done = (units: number): void => {
    const wasFull = isFull()
    pending -= units
    if (wasFull && !isFull()) onRoom()
  }

  const batches = createBatches(options, (batch) => {
    const body = toBody(batch, stream)
    const sent = sending.send(body).finally(() => {
      running.delete(sent)
      done(body.units)
    })
    running.add(sent)
  })

  return {
    add: (key, line) => {
      const units = line.length + 1
      if (units > messageUnits) {
        lost('too_long', 1)
        return
      }
      pending += units
      batches.add(key, line)
    },
    get isFull() {
      return isFull()
    },
    get trouble() {
      return sending.trouble()
    },
    close: async (deadlineMs) => {
      batches.flush()
      const late = setTimeout(() => sending.givenUp.abort(), deadlineMs)
      await Promise.all(running)
      clearTimeout(late)
    },
  }
}
