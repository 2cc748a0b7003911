import { reasonOf } from '@warren/platform/errors'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { ConsumeOptions } from './consume-options.ts'
import { likelySizeOf, toDelivery } from './delivery.ts'
import { type Disposal, runHandler } from './disposal.ts'
import type { PrefetchSize } from './prefetch-size.ts'

export interface SubscriptionOptions {
  readonly channel: Channel
  readonly options: ConsumeOptions
  readonly prefetch: PrefetchSize
  readonly onDeleted: () => void
  readonly onHeldTooLong: () => void
  readonly onStop: (reason: string) => void
}

/** The consuming on one channel, and the handlers that run for it. */
export interface Subscription {
  /** Takes deliveries, or no more; rejects when the channel does not allow it. */
  take(wanted: boolean): Promise<void>
  /** Resolves when every handler has ended. */
  drained(): Promise<void>
  /** The channel is gone: nothing can be said about its messages any more. */
  end(): void
}

const defaultHoldMs = 15 * 60_000

interface Consuming {
  take(wanted: boolean): Promise<void>
  /** Subscribes anew after the prefetch has changed. */
  adjust(): void
}

/** Subscribes, subscribes anew and stops, one change after the other. */
function createConsuming(
  { channel, options, prefetch }: SubscriptionOptions,
  deliver: (message: ConsumeMessage | null) => void,
): Consuming {
  let wanted = false
  /** With how many messages at once we consume now; 0 is not at all. */
  let active = 0
  let tag = ''
  let changes = Promise.resolve()

  const apply = async () => {
    const target = wanted ? prefetch.messages : 0
    if (target === active) return
    if (active > 0) await channel.cancel(tag)
    active = 0
    if (target === 0) return
    await channel.prefetch(target)
    tag = (await channel.consume(options.queue.name, deliver)).consumerTag
    active = target
  }
  const change = (): Promise<void> => {
    const applied = changes.then(apply)
    // The next change is tried whatever became of this one.
    changes = applied.catch(() => undefined)
    return applied
  }
  return {
    take: (want) => {
      wanted = want
      return change()
    },
    adjust: () => void change().catch(reasonOf),
  }
}

export function createSubscription(given: SubscriptionOptions): Subscription {
  const { channel, options, prefetch, onDeleted, onHeldTooLong, onStop } = given
  const { maxHoldMs = defaultHoldMs } = options
  const ended = new AbortController()
  const running = new Set<Promise<void>>()

  // Of the message only what acknowledging it needs: its content would stay in memory.
  const disposalOf = ({ fields }: Pick<ConsumeMessage, 'fields'>): Disposal => {
    const message = { fields } as ConsumeMessage
    return {
      ack: () => channel.ack(message),
      reject: () => channel.nack(message, false, false),
      stop: (reason) => {
        onStop(reason)
        const stopped = consuming.take(false).catch(reasonOf)
        // Not given back before the consumer is gone, or it would come here again.
        void stopped.then(() => channel.nack(message, false, true)).catch(reasonOf)
      },
    }
  }

  const deliver = (message: ConsumeMessage | null) => {
    if (message === null) return onDeleted()
    const held = setTimeout(onHeldTooLong, maxHoldMs).unref()
    const { content, properties } = message
    // What it becomes is what counts: of packed messages hundreds would wait for room that a few dozens fill.
    if (prefetch.observe(likelySizeOf(content.length, properties.contentEncoding)))
      consuming.adjust()
    const disposal = disposalOf(message)
    const run = runHandler(toDelivery(message), {
      options,
      signal: ended.signal,
      disposal,
    }).finally(() => {
      clearTimeout(held)
      running.delete(run)
    })
    running.add(run)
  }
  const consuming = createConsuming(given, deliver)

  return {
    take: consuming.take,
    drained: async () => {
      await Promise.allSettled(running)
    },
    end: () => ended.abort(),
  }
}
