import type { Delivery } from '@warren/broker/delivery'
import type { Publisher } from '@warren/broker/publisher'
import { overflowExchange } from '@warren/contracts/overflow'
import type { Stream } from '@warren/contracts/topology'
import { WarrenError } from '@warren/platform/errors'
import { messageIdOf } from '../origin.ts'

/** Puts messages into the queue of their tenant. */
export interface Mover {
  /** Resolves once the broker has confirmed it: with false when the queue is full. Rejects (retry) when that is not known. */
  move(delivery: Delivery, tenant: string): Promise<boolean>
}

export interface MoverOptions {
  readonly stream: Stream
  readonly publisher: Pick<Publisher, 'publish'>
  /** Makes the tenant's queue; `again` when a message found none. */
  readonly ensure: (tenant: string, again: boolean) => Promise<void>
}

/** How long a full queue is not asked again. */
const fullMs = 5000

/** What the broker adds itself, and what would route a message elsewhere too. */
const brokersOwn =
  /^(x-delivery-count|x-acquired-count|x-death|x-first-death-.*|x-last-death-.*|CC|BCC)$/

const isCode = (error: unknown, code: string): boolean =>
  error instanceof WarrenError && error.code === code

/** The message as its sender made it; one without an id gets that which it has anyway. */
const toCopy = (delivery: Delivery, stream: Stream) => {
  const { properties, routingKey, body } = delivery
  const headers = Object.entries(properties.headers).filter(([name]) => !brokersOwn.test(name))
  return {
    exchange: overflowExchange(stream),
    key: routingKey,
    body,
    contentType: properties.contentType,
    contentEncoding: properties.contentEncoding,
    messageId: messageIdOf(delivery),
    timestamp: properties.timestamp ?? null,
    headers: Object.fromEntries(headers),
  }
}

export function createMover({ stream, publisher, ensure }: MoverOptions): Mover {
  const fullUntil = new Map<string, number>()

  const publish = async (delivery: Delivery, tenant: string): Promise<void> => {
    const copy = toCopy(delivery, stream)
    await ensure(tenant, false)
    try {
      await publisher.publish(copy)
    } catch (error) {
      if (!isCode(error, 'unroutable')) throw error
      await ensure(tenant, true)
      await publisher.publish(copy)
    }
  }
  return {
    move: async (delivery, tenant) => {
      if ((fullUntil.get(tenant) ?? 0) > performance.now()) return false
      fullUntil.delete(tenant)
      try {
        await publish(delivery, tenant)
        return true
      } catch (error) {
        if (!isCode(error, 'nacked')) throw error
        fullUntil.set(tenant, performance.now() + fullMs)
        return false
      }
    },
  }
}
