import type { Delivery } from '@warren/broker/delivery'
import type { Publisher } from '@warren/broker/publisher'
import type { DeadLetter, DeadLetterCode } from '@warren/contracts/dead-letter'
import { contentTypes } from '@warren/contracts/message'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { exchanges, type Stream } from '@warren/contracts/topology'
import { reasonOf } from '@warren/platform/errors'
import type { HealthCell } from '@warren/platform/health-cell'
import type { RefusedLine } from '../chunk.ts'
import { groupRefused } from './group.ts'
import { letterIdOf } from './letter-id.ts'

/** Makes items durable in the dead-letter queue. */
export interface Parker {
  /** Resolves when the broker has confirmed every one; rejects (retry) when it took only some, which a second call repeats under the same ids. */
  park(delivery: Delivery, origin: ParkedOrigin, items: readonly RefusedLine[]): Promise<void>
}

export interface ParkedOrigin {
  /** `-` when the message names none. */
  readonly tenant: string
  readonly messageId: string
}

interface ParkerOptions {
  readonly stream: Stream
  readonly publisher: Publisher
  readonly onParked: (code: DeadLetterCode) => void
  readonly health: HealthCell
}

/** Of one item; the rest of a larger one is cut off, which its reason says. */
const maxItemBytes = 1024 ** 2
/** Letters that wait for their confirms at once. */
const concurrency = 100
const maxTenantChars = 64
const noTenant = '-'

export function createParker({ stream, publisher, onParked, health }: ParkerOptions): Parker {
  const toLetter = (
    delivery: Delivery,
    { tenant, messageId }: ParkedOrigin,
    item: RefusedLine,
  ): DeadLetter => {
    const isCut = item.bytes.length > maxItemBytes
    const now = new Date().toISOString()
    return {
      id: letterIdOf({ ...delivery, messageId }, item),
      stream,
      // Senders choose the names of tenants that do not exist: all of them share one bound.
      tenant: item.code === 'unknown_tenant' ? noTenant : tenant.slice(0, maxTenantChars),
      code: item.code,
      reason: isCut
        ? `${item.reason} (only the first ${maxItemBytes} bytes are kept)`
        : item.reason,
      first_seen: now,
      last_seen: now,
      attempts: 1,
      origin: {
        exchange: delivery.exchange,
        routing_key: delivery.routingKey,
        message_id: messageId,
        index: item.index,
      },
      item: Buffer.from(item.bytes.subarray(0, maxItemBytes)).toString('base64'),
    }
  }

  const publish = async (letter: DeadLetter) => {
    await publisher.publish({
      exchange: exchanges.dead,
      key: toRoutingKey(stream, letter.tenant, letter.code),
      body: Buffer.from(JSON.stringify(letter)),
      contentType: contentTypes.json,
      messageId: letter.id,
    })
    onParked(letter.code)
  }

  return {
    park: async (delivery, origin, items) => {
      if (items.length === 0) return
      const wanted = groupRefused(items)
      try {
        for (let at = 0; at < wanted.length; at += concurrency) {
          const letters = wanted.slice(at, at + concurrency)
          await Promise.all(letters.map((item) => publish(toLetter(delivery, origin, item))))
        }
        health.set('green')
      } catch (error) {
        health.set(
          'red',
          `${stream} wait, since what they refuse cannot be parked: ${reasonOf(error)}`,
        )
        throw error
      }
    },
  }
}
