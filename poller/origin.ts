import { createHash } from 'node:crypto'
import type { Delivery } from '@warren/broker/delivery'
import { headers } from '@warren/contracts/message'
import { parseReplayHeaders } from '@warren/contracts/replay-headers'
import { parseSenderKey } from '@warren/contracts/routing-key'
import { WarrenError } from '@warren/platform/errors'

/** What a message says about itself besides its body. */
export interface Origin {
  readonly exchange: string
  readonly routingKey: string
  /** The sender's, else SHA-256 of key and body. */
  readonly messageId: string
  readonly tenant: string
  readonly deployment: string | undefined
  readonly source: string | undefined
  /** Of items that carry no time, nanoseconds since the epoch. */
  readonly fallbackNs: bigint | undefined
  /** That the sender gave; without one the body has the exchange's own format. */
  readonly contentType?: string | undefined
  /** Position that the first item had in the message that it was first sent in, when that was another one. */
  readonly firstIndex?: number | undefined
}

/** What a record needs of it. */
export type LogOrigin = Omit<Origin, 'exchange' | 'routingKey'>

/** Whose is what names no tenant that exists. */
export const noTenant = '-'

/** The dead letter's item index that means the whole message. */
export const wholeMessage = -1

export function messageIdOf({ properties, routingKey, body }: Delivery): string {
  if (properties.messageId !== undefined) return properties.messageId
  return createHash('sha256').update(routingKey).update('\0').update(body).digest('hex')
}

/** Header `x-warren-time-ns`, else the `timestamp` property (AMQP: seconds); never the time of arrival. */
export function fallbackNsOf({ properties }: Delivery): bigint | undefined {
  const header = properties.headers[headers.timeNs]
  if (typeof header === 'string' && /^-?\d{1,19}$/.test(header)) return BigInt(header)
  if (typeof header === 'number' && Number.isSafeInteger(header)) return BigInt(header)
  if (typeof header === 'bigint') return header
  const seconds = properties.timestamp
  if (seconds === undefined || !Number.isSafeInteger(seconds)) return undefined
  return BigInt(seconds) * 1_000_000_000n
}

export type IsKnownTenant = (tenant: string) => Promise<boolean>

/** The origin that the routing key names. Rejects with `bad_key` or `unknown_tenant` (reject). */
export async function keyedOrigin(
  delivery: Delivery,
  isKnownTenant: IsKnownTenant,
): Promise<Origin> {
  const { exchange, routingKey } = delivery
  const key = parseSenderKey(routingKey)
  if (key === undefined)
    throw new WarrenError('the routing key names no tenant', {
      code: 'bad_key',
      disposition: 'reject',
    })
  if (!(await isKnownTenant(key.tenant)))
    throw new WarrenError('the routing key names a tenant that does not exist', {
      code: 'unknown_tenant',
      disposition: 'reject',
    })
  const messageId = messageIdOf(delivery)
  const { contentType } = delivery.properties
  const fallbackNs = fallbackNsOf(delivery)
  const firstIndex = Math.max(0, parseReplayHeaders(delivery.properties.headers)?.index ?? 0)
  return { ...key, exchange, routingKey, messageId, fallbackNs, contentType, firstIndex }
}
