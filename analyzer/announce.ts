import { setTimeout as sleep } from 'node:timers/promises'
import { newMessageId } from '@warren/broker/message-id'
import type { Publisher } from '@warren/broker/publisher'
import type { WarrenEvent } from '@warren/contracts/event'
import { contentTypes } from '@warren/contracts/message'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { exchanges } from '@warren/contracts/topology'
import { backoffMs } from '@warren/platform/backoff'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import type { HealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { Change } from './silence.ts'

/** Publishes one event a change, in their order. */
export interface Announcer {
  announce(changes: readonly Change[]): void
  close(): Promise<void>
}

interface Options {
  readonly publisher: Publisher
  readonly health: HealthCell
  readonly log: Log
}

/** Changes that may wait for the broker; above it the oldest are dropped with a warning. */
const maxWaiting = 10_000

const retry = { firstMs: 200, maxMs: 10_000 }

const rfc3339 = (ms: number): string => new Date(ms).toISOString()

export function toEvent({ type, tenant, host, lastSeenMs, atMs }: Change): WarrenEvent {
  const last = rfc3339(lastSeenMs)
  const text =
    type === 'host_silent'
      ? `Host ${host} has sent no metrics since ${last}`
      : `Host ${host} sends metrics again; it was silent since ${last}`
  return {
    type: 'platform_event',
    event_type: type,
    timestamp: rfc3339(atMs),
    message: { text },
    context: { tenant, host, last_seen: last },
  }
}

/** An event that no queue wants is not an error: nobody listens. */
const isDone = (error: unknown): boolean =>
  error instanceof WarrenError && (error.code === 'unroutable' || error.disposition !== 'retry')

export function createAnnouncer({ publisher, health, log }: Options): Announcer {
  const waiting: { readonly change: Change; readonly messageId: string }[] = []
  const closing = new AbortController()
  let running: Promise<void> | undefined

  const send = async ({ change, messageId }: (typeof waiting)[number]): Promise<void> =>
    publisher.publish({
      exchange: exchanges.events,
      key: toRoutingKey(change.tenant, undefined, 'platform'),
      body: Buffer.from(`${JSON.stringify(toEvent(change))}\n`),
      contentType: contentTypes.ndjson,
      messageId,
    })

  const trySend = async (next: (typeof waiting)[number]): Promise<boolean> => {
    try {
      await send(next)
      health.set('green')
      return true
    } catch (error) {
      if (isDone(error)) {
        health.set('green')
        return true
      }
      health.set('yellow', `${waiting.length} events wait: ${reasonOf(error)}`)
      return false
    }
  }

  /** Tries until it is done; false when closing came first. */
  const sendSurely = async (next: (typeof waiting)[number]): Promise<boolean> => {
    for (let attempt = 0; !(await trySend(next)); attempt += 1) {
      if (closing.signal.aborted) return false
      await wait(backoffMs(attempt, retry))
    }
    return true
  }

  const run = async (): Promise<void> => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (!(await sendSurely(next))) break
      // It may have been dropped meanwhile.
      if (waiting[0] === next) waiting.shift()
    }
    running = undefined
  }
  const wait = (ms: number) =>
    sleep(ms, undefined, { signal: closing.signal }).catch(() => undefined)

  return {
    announce: (changes) => {
      for (const change of changes) waiting.push({ change, messageId: newMessageId() })
      const dropped = waiting.splice(0, Math.max(0, waiting.length - maxWaiting)).length
      if (dropped > 0) log.warn('events dropped: the broker takes none', { dropped })
      if (waiting.length > 0) running ??= run()
    },
    close: async () => {
      closing.abort()
      await running
      await publisher.close()
    },
  }
}
