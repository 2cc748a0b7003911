import type { ContentEncoding } from '@warren/contracts/message'
import { headers as headerNames } from '@warren/contracts/message'
import { maxKeyBytes } from '@warren/contracts/routing-key'
import { WarrenError } from '@warren/platform/errors'
import type { ConfirmChannel } from 'amqplib'
import { createByteRoom } from './byte-room.ts'
import { closeSurely } from './close-surely.ts'
import { type Confirms, createConfirms, type ReadyMessage } from './confirms.ts'
import type { Connection } from './connection.ts'
import { brokerError, plainReason } from './errors.ts'
import { keepChannel } from './keep-channel.ts'
import { newMessageId, newTraceparent } from './message-id.ts'

export interface PublisherOptions {
  /** Bytes of bodies sent and not yet confirmed; past it a publish waits. 16 MiB unless said. */
  readonly maxInFlightBytes?: number
  /** Publishes that may wait for room at once. 1000 unless said. */
  readonly maxWaiting?: number
  /** How long a publish waits for room and a connection. 10 s unless said. */
  readonly waitMs?: number
  /** How long a sent message waits for its confirm. 30 s unless said. */
  readonly confirmMs?: number
}

export interface OutgoingMessage {
  readonly exchange: string
  readonly key: string
  readonly body: Uint8Array
  readonly contentType: string | undefined
  readonly contentEncoding?: ContentEncoding | (string & {}) | undefined
  /** A new UUIDv7 unless said; the same again on a second try of the same message. */
  readonly messageId?: string
  readonly headers?: Readonly<Record<string, unknown>>
  /** Seconds since the epoch; now unless said, none when null: it is the time of items that have none. */
  readonly timestamp?: number | null
}

export interface Publisher {
  /** Resolves once the broker has confirmed the message and routed it to a queue. Else rejects with a `WarrenError` whose code is a `BrokerErrorCode`, all `retry` but `bad_message` (reject) and `closed` (fatal). */
  publish(message: OutgoingMessage): Promise<void>
  /** Bytes of bodies that were taken and have no answer yet. */
  readonly inFlightBytes: number
  /** Waits for what is in flight. Safe to call twice. */
  close(): Promise<void>
}

interface Context {
  readonly connection: Connection
  readonly appId: string
}

const maxShortString = 255

function toReady(message: OutgoingMessage, appId: string): ReadyMessage {
  const { exchange, key, body, contentType, contentEncoding } = message
  const messageId = message.messageId ?? newMessageId()
  const { timestamp = Math.floor(Date.now() / 1000) } = message
  if (Buffer.byteLength(key) > maxKeyBytes || Buffer.byteLength(messageId) > maxShortString)
    throw brokerError('bad_message', 'the routing key or message id is longer than 255 bytes', {
      disposition: 'reject',
    })
  return {
    exchange,
    key,
    body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    properties: {
      messageId,
      appId,
      ...(contentType === undefined ? {} : { contentType }),
      ...(contentEncoding === undefined ? {} : { contentEncoding }),
      ...(timestamp === null ? {} : { timestamp }),
      headers: { [headerNames.traceparent]: newTraceparent(), ...message.headers },
      persistent: true,
      mandatory: true,
    },
  }
}

/** Gives out the open confirm channel, or waits for it. */
function createDoor(connection: Connection) {
  let confirms: Confirms | undefined
  let reason: unknown = 'not connected yet'
  const waiters = new Set<(open: Confirms) => void>()

  const look = () => {
    if (confirms === undefined || connection.blockedReason() !== undefined) return
    const open = confirms
    const resolved = [...waiters]
    waiters.clear()
    for (const resolve of resolved) resolve(open)
  }
  connection.onChange(look)

  const whyShut = () => {
    const blocked = connection.blockedReason()
    return blocked === undefined
      ? brokerError('broker_unavailable', `no broker: ${plainReason(reason)}`)
      : brokerError('broker_blocked', blocked)
  }

  return {
    set: (open: Confirms | undefined, why?: unknown) => {
      confirms = open
      reason = why
      look()
    },
    pass: (waitMs: number): Promise<Confirms> => {
      if (confirms !== undefined && connection.blockedReason() === undefined)
        return Promise.resolve(confirms)
      return new Promise((resolve, reject) => {
        const enter = (open: Confirms) => {
          clearTimeout(timer)
          resolve(open)
        }
        const timer = setTimeout(() => {
          waiters.delete(enter)
          reject(whyShut())
        }, waitMs)
        waiters.add(enter)
      })
    },
  }
}

export function createPublisher(
  { connection, appId }: Context,
  {
    maxInFlightBytes = 16 * 1024 ** 2,
    maxWaiting = 1000,
    waitMs = 10_000,
    confirmMs = 30_000,
  }: PublisherOptions = {},
): Publisher {
  const room = createByteRoom({ maxBytes: maxInFlightBytes, maxWaiting })
  const door = createDoor(connection)
  const running = new Set<Promise<void>>()
  let current: ConfirmChannel | undefined
  let closed: Promise<void> | undefined

  const kept = keepChannel<ConfirmChannel>(connection, {
    create: (model) => model.createConfirmChannel(),
    setUp: async (channel) => {
      current = channel
      door.set(createConfirms(channel))
    },
    lost: (reason) => {
      current = undefined
      door.set(undefined, reason)
    },
  })

  /** After a missing confirm the channel's count can no longer be trusted, so a new one is opened. */
  const renewAfterTimeout = (error: unknown, channel: ConfirmChannel | undefined) => {
    const late = error instanceof WarrenError && error.code === 'confirm_timeout'
    if (late && channel !== undefined && channel === current) void closeSurely(channel)
  }

  const send = async (message: ReadyMessage) => {
    const deadline = performance.now() + waitMs
    await room.take(message.body.length, waitMs)
    try {
      const confirms = await door.pass(Math.max(0, deadline - performance.now()))
      const channel = current
      await confirms.send(message, confirmMs).catch((error: unknown) => {
        renewAfterTimeout(error, channel)
        throw error
      })
    } finally {
      room.give(message.body.length)
    }
  }

  const close = async () => {
    room.clear(brokerError('closed', 'the publisher was closed', { disposition: 'fatal' }))
    await Promise.allSettled(running)
    await kept.close()
  }

  return {
    publish: async (message) => {
      if (closed !== undefined)
        throw brokerError('closed', 'the publisher was closed', { disposition: 'fatal' })
      const sent = send(toReady(message, appId))
      running.add(sent)
      try {
        await sent
      } finally {
        running.delete(sent)
      }
    },
    get inFlightBytes() {
      return room.usedBytes
    },
    close: () => {
      closed ??= close()
      return closed
    },
  }
}
