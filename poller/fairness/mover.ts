import type { Delivery } from '@warren/broker/delivery'
import { overflowExchange } from '@warren/contracts/overflow'
import type { Stream } from '@warren/contracts/topology'
import { messageIdOf } from '../origin.ts'
import { createQueueMover, type QueueMoverOptions } from './queue-mover.ts'

/** Puts messages into the queue of their tenant. */
export interface Mover {
  /** Resolves once the broker has confirmed it: with false when the queue is full. Rejects (retry) when that is not known. */
  move(delivery: Delivery, tenant: string): Promise<boolean>
}

export interface MoverOptions extends QueueMoverOptions {
  readonly stream: Stream
}

/** What the broker adds itself, and what would route a message elsewhere too. */
const brokersOwn =
  /^(x-delivery-count|x-acquired-count|x-death|x-first-death-.*|x-last-death-.*|CC|BCC)$/

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

export function createMover({ stream, ...options }: MoverOptions): Mover {
  const put = createQueueMover(options)
  return { move: (delivery, tenant) => put(toCopy(delivery, stream), tenant) }
}
