import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import { freeBytes, smallBytes } from '@warren/platform/free-bytes'
import type { ConsumeMessage } from 'amqplib'

export interface DeliveryProperties {
  readonly messageId: string | undefined
  /** Seconds since the epoch, as AMQP has it. */
  readonly timestamp: number | undefined
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
  readonly headers: Readonly<Record<string, unknown>>
}

/** One message as a handler sees it; the channel stays with the consumer. */
export interface Delivery {
  /** Memory of its own, but for a small one, which shares that of the read it came with: to be freed by `freeBody` only. */
  readonly body: Buffer
  readonly exchange: string
  readonly routingKey: string
  readonly properties: DeliveryProperties
  readonly redelivered: boolean
  /** Deliveries before this one; exact on quorum queues, else 0 or 1. */
  readonly deliveryCount: number
}

/** What becomes of a delivery; the handler decides, the consumer does. */
export type Outcome =
  | { readonly type: 'ack' }
  /** Parked by `ConsumeOptions.park`, then acknowledged; without `park` rejected to the queue's own dead-letter exchange. */
  | { readonly type: 'dead'; readonly code: DeadLetterCode; readonly reason: string }
  /** The handler is called again after a back-off; the message is not requeued. */
  | { readonly type: 'retry' }
  /** The consumer stops for good, red with this reason; the message goes back to its queue. */
  | { readonly type: 'stop'; readonly reason: string }

/** How much more a packed message takes once it is unpacked, until that is known. */
const likelyExpansion = 4

/** Bytes that a message probably takes unpacked. */
export const likelySizeOf = (packed: number, contentEncoding: unknown): number =>
  contentEncoding === undefined ? packed : likelyExpansion * packed

/** A message that waits for its outcome would keep all that came over the socket with it, and V8 looks for that only when it marks the whole heap. */
function toOwnBody(content: Buffer): Buffer {
  if (content.length <= smallBytes) return content
  const own = Buffer.allocUnsafeSlow(content.length)
  content.copy(own)
  return own
}

/** Frees the body (ADR 28), for a handler that knows that nobody reads it any more; not one that shares its memory with other messages, whose handlers may be called again. */
export function freeBody({ body }: Pick<Delivery, 'body'>): void {
  if (body.byteLength === body.buffer.byteLength) freeBytes(body)
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

export function toDelivery(message: ConsumeMessage): Delivery {
  const { fields, properties, content } = message
  const headers: Record<string, unknown> = properties.headers ?? {}
  const count = headers['x-delivery-count']
  return {
    body: toOwnBody(content),
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    properties: {
      messageId: textOf(properties.messageId),
      timestamp: typeof properties.timestamp === 'number' ? properties.timestamp : undefined,
      contentType: textOf(properties.contentType),
      contentEncoding: textOf(properties.contentEncoding),
      headers,
    },
    redelivered: fields.redelivered,
    deliveryCount: typeof count === 'number' ? count : Number(fields.redelivered),
  }
}
