import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import type { Health } from '@warren/contracts/http/status'
import type { QueueSpec } from '@warren/contracts/topology'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import type { Connection } from './connection.ts'
import type { Declarations } from './declarations.ts'
import type { Delivery, Outcome } from './delivery.ts'
import { type Disposal, runHandler } from './disposal.ts'
import { plainReason } from './errors.ts'
import { closeChannel, keepChannel } from './keep-channel.ts'
import { declareTopology } from './topology.ts'

export interface ConsumeOptions {
  /** Declared by the consumer itself, after the exchanges of `Broker.declare`. */
  readonly queue: QueueSpec
  /** Unacknowledged messages at most. */
  readonly prefetch: number
  /** Called for each delivery, up to `prefetch` at once. A thrown error counts by its disposition: retry, dead, or (fatal) stop. */
  readonly handle: (delivery: Delivery) => Promise<Outcome>
  /** Makes a dead letter durable; while it rejects, it is called again after a back-off. */
  readonly park?: (delivery: Delivery, why: DeadReason) => Promise<void>
  /** A delivery held longer is given back, and nothing is taken until the handlers of that time have ended: below the broker's `consumer_timeout` (30 minutes). 15 minutes unless said. */
  readonly maxHoldMs?: number
}

export interface DeadReason {
  readonly code: DeadLetterCode
  readonly reason: string
}

export interface Consumer {
  /** `queue <name>`; red while it is missing, cannot be subscribed to or was stopped by an outcome. */
  health(): Health
  /** Takes no more deliveries; those taken go on. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Takes no more, waits for the handlers up to `deadlineMs` (10 s unless said), gives the rest back. Safe to call twice. */
  close(deadlineMs?: number): Promise<void>
}

interface Context {
  readonly connection: Connection
  readonly declarations: Declarations
  readonly log: Log
}

/** One subscription on one channel, and the handlers that run for it. */
interface Subscription {
  readonly channel: Channel
  readonly ended: AbortController
  readonly running: Set<Promise<void>>
  tag: string | undefined
}

const defaultHoldMs = 15 * 60_000

export function createConsumer(
  { connection, declarations, log }: Context,
  options: ConsumeOptions,
): Consumer {
  const { queue, prefetch, maxHoldMs = defaultHoldMs } = options
  const health = createHealthCell(`queue ${queue.name}`)
  let current: Subscription | undefined
  let wanted = true
  let stopReason: string | undefined
  let closed: Promise<void> | undefined

  const dispose = (subscription: Subscription, message: ConsumeMessage): Disposal => ({
    ack: () => subscription.channel.ack(message),
    reject: () => subscription.channel.nack(message, false, false),
    stop: (reason) => {
      stopReason = reason
      health.set('red', `stopped: ${reason}`)
      log.error('consumer stopped', { queue: queue.name, reason })
      subscription.channel.nack(message, false, true)
      void unsubscribe(subscription)
    },
  })

  const take = (subscription: Subscription, message: ConsumeMessage | null) => {
    if (message === null) {
      health.set('red', `queue ${queue.name} was deleted; declaring it again`)
      log.warn('queue was deleted', { queue: queue.name })
      void closeChannel(subscription.channel)
      return
    }
    const held = setTimeout(() => {
      health.set('yellow', 'deliveries were held too long and given back')
      void closeChannel(subscription.channel)
    }, maxHoldMs)
    held.unref()
    const run = runHandler(message, {
      options,
      signal: subscription.ended.signal,
      disposal: dispose(subscription, message),
    }).finally(() => {
      clearTimeout(held)
      subscription.running.delete(run)
    })
    subscription.running.add(run)
  }

  const subscribe = async (subscription: Subscription) => {
    if (!wanted || stopReason !== undefined || subscription.tag !== undefined) return
    subscription.tag = ''
    const { consumerTag } = await subscription.channel.consume(queue.name, (message) =>
      take(subscription, message),
    )
    subscription.tag = consumerTag
    if (wanted) health.set('green')
    else await unsubscribe(subscription)
  }

  const unsubscribe = async ({ channel, tag }: Subscription) => {
    if (tag === undefined || tag === '') return
    await channel.cancel(tag).catch(() => undefined)
    if (current !== undefined) current.tag = undefined
  }

  const declareQueue = async (model: ChannelModel) => {
    await declarations.settled()
    const problems = await declareTopology(model, [], [queue])
    const fatal = problems.find(({ usable }) => !usable)
    if (fatal !== undefined) throw new Error(`${fatal.part}: ${fatal.reason}`)
  }

  const kept = keepChannel<Channel>(connection, {
    create: async (model) => {
      await declareQueue(model)
      return model.createChannel()
    },
    setUp: async (channel) => {
      await channel.prefetch(prefetch)
      current = { channel, ended: new AbortController(), running: new Set(), tag: undefined }
      await subscribe(current)
    },
    lost: async (reason) => {
      const lost = current
      current = undefined
      if (stopReason === undefined) health.set('red', plainReason(reason))
      if (lost === undefined) return
      lost.ended.abort()
      // What these handlers hold comes back with the next subscription, so they end first: memory stays bounded.
      await Promise.allSettled(lost.running)
    },
  })

  const close = async (deadlineMs: number) => {
    wanted = false
    if (current !== undefined) {
      await unsubscribe(current)
      const handlers = Promise.allSettled(current.running)
      let timer: NodeJS.Timeout | undefined
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, deadlineMs)
      })
      await Promise.race([handlers, late])
      clearTimeout(timer)
    }
    await kept.close()
  }

  return {
    health: health.read,
    pause: async () => {
      wanted = false
      if (current !== undefined) await unsubscribe(current)
      health.set('yellow', 'paused')
    },
    resume: async () => {
      wanted = true
      if (current !== undefined) await subscribe(current)
    },
    close: (deadlineMs = 10_000) => {
      closed ??= close(deadlineMs)
      return closed
    },
  }
}
