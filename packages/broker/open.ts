import type { Health } from '@warren/contracts/http/status'
import type { ExchangeSpec, QueueSpec } from '@warren/contracts/topology'
import { withDeadline } from '@warren/platform/deadline'
import { type ConnectionOptions, createConnection } from './connection.ts'
import type { ConsumeOptions } from './consume-options.ts'
import { type Consumer, createConsumer } from './consumer.ts'
import { createDeclarations } from './declarations.ts'
import { createExchangeAdmin, type ExchangeAdmin } from './exchange-admin.ts'
import { createPublisher, type Publisher, type PublisherOptions } from './publisher.ts'
import { createQueueAdmin, type QueueAdmin } from './queue-admin.ts'

export type BrokerOptions = ConnectionOptions

/** One connection to RabbitMQ, with everything that rests on it restored after each loss. */
export interface Broker {
  /** `broker`, `broker topology` and each consumed queue. */
  health(): readonly Health[]
  /** `broker` and `broker topology` only: for a service that shares the connection with others. */
  connectionHealth(): readonly Health[]
  /** Wants these to exist: declared now or when connected, and again after each reconnect. What fails is in `health`. A principal without the configure right does not call it. */
  declare(exchanges: readonly ExchangeSpec[], queues: readonly QueueSpec[]): void
  publisher(options?: PublisherOptions): Publisher
  consume(options: ConsumeOptions): Consumer
  readonly queues: QueueAdmin
  readonly exchanges: ExchangeAdmin
  /** Resolves once connected and everything declared so far was tried; rejects after `deadlineMs`. Nothing needs it but tests and start-up messages. */
  ready(deadlineMs: number): Promise<void>
  /** Drains consumers, then publishers, then closes the connection. Safe to call twice. */
  close(): Promise<void>
}

interface Closeable {
  close(deadlineMs?: number): Promise<void>
}

/** Keeps what is open, so that the broker can close it; what was closed before is forgotten: services restart over one connection. */
function remembered<Part extends Closeable>(parts: Set<Part>, part: Part): Part {
  const { close } = part
  part.close = async (deadlineMs) => {
    await close(deadlineMs)
    parts.delete(part)
  }
  parts.add(part)
  return part
}

/** Returns at once, connected or not; connects in the background for ever. */
export function openBroker(options: BrokerOptions): Broker {
  const { name, log } = options
  const connection = createConnection(options)
  const declarations = createDeclarations(connection, log)
  const consumers = new Set<Consumer>()
  const publishers = new Set<Publisher>()
  const closing = new AbortController()
  let closed: Promise<void> | undefined

  const close = async () => {
    closing.abort()
    await Promise.all([...consumers].map((consumer) => consumer.close()))
    await Promise.all([...publishers].map((publisher) => publisher.close()))
    await declarations.close()
    await connection.close()
  }

  const connectionHealth = () => [connection.health.read(), declarations.health()]

  return {
    health: () => [...connectionHealth(), ...[...consumers].map((consumer) => consumer.health())],
    connectionHealth,
    declare: declarations.add,
    publisher: (publisherOptions) => {
      const publisher = createPublisher({ connection, appId: name }, publisherOptions)
      return remembered(publishers, publisher)
    },
    consume: (consumeOptions) => {
      const consumer = createConsumer({ connection, declarations, log }, consumeOptions)
      return remembered(consumers, consumer)
    },
    queues: createQueueAdmin(connection),
    exchanges: createExchangeAdmin(connection, options),
    ready: async (deadlineMs) => {
      const settled = connection.opened(closing.signal).then(() => declarations.settled())
      await withDeadline(settled, { ms: deadlineMs, what: 'connecting to the broker' })
    },
    close: () => {
      closed ??= close()
      return closed
    },
  }
}
