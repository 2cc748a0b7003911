import type { Delivery } from '@warren/broker/delivery'
import type { Publisher } from '@warren/broker/publisher'
import type { DeadLetter, DeadLetterCode } from '@warren/contracts/dead-letter'
import { contentTypes, maxMessageBytes } from '@warren/contracts/message'
import { parseReplayHeaders, type Replayed } from '@warren/contracts/replay-headers'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { exchanges, type Stream } from '@warren/contracts/topology'
import { reasonOf } from '@warren/platform/errors'
import type { HealthCell } from '@warren/platform/health-cell'
import type { RefusedLine } from '../chunk.ts'
import { noTenant, wholeMessage } from '../origin.ts'
import type { RuleBook } from '../rules/rule-book.ts'
import { groupRefused } from './group.ts'
import { keptBody } from './kept-body.ts'
import { letterIdOf } from './letter-id.ts'
import { propertiesOf } from './letter-origin.ts'

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
  /** Those that hold now. */
  readonly rules: () => RuleBook
}

/** Of one item; the rest of a larger one, which no message may have, is cut off, as its reason says. */
const maxItemBytes = maxMessageBytes
/** Letters that wait for their confirms at once. */
const concurrency = 100
const maxTenantChars = 64

const lineFeed = 0x0a

/** The letter that was sent again is what is refused: the message as a whole, or its only item. */
function isSame({ index }: RefusedLine, { exchange, body }: Delivery, replayed: Replayed): boolean {
  if (index === wholeMessage || exchange === exchanges.cloudify) return true
  if (replayed.index === wholeMessage) return false
  const end = body.indexOf(lineFeed)
  return end < 0 || end === body.length - 1
}

/** A letter that comes back is the same one, and has counted; items of one that was many get ids that no other letter has. */
function identityOf(item: RefusedLine, delivery: Delivery, messageId: string) {
  const last_seen = new Date().toISOString()
  const idOf = (message: string) => letterIdOf({ ...delivery, messageId: message }, item)
  const replayed = parseReplayHeaders(delivery.properties.headers)
  if (replayed === undefined)
    return { id: idOf(messageId), first_seen: last_seen, last_seen, attempts: 1 }
  const { letter, firstSeen: first_seen, attempts, replay } = replayed
  const id = isSame(item, delivery, replayed) ? letter : idOf(letter)
  return { id, first_seen, last_seen, attempts: attempts + 1, replay }
}

/** Where the item stood in the message that it was first sent in. */
function indexOf({ index }: RefusedLine, { properties }: Delivery): number {
  const first = parseReplayHeaders(properties.headers)?.index ?? 0
  return index === wholeMessage ? index : Math.max(0, first) + index
}

export function createParker({
  stream,
  publisher,
  onParked,
  health,
  rules,
}: ParkerOptions): Parker {
  /** Of a message as a whole nothing was read yet. */
  const keptOf = ({ index, bytes }: RefusedLine, delivery: Delivery): Uint8Array => {
    const body = bytes.subarray(0, maxItemBytes)
    return index === wholeMessage ? keptBody({ ...delivery, body }, stream, rules()) : body
  }
  const toLetter = (
    delivery: Delivery,
    { tenant, messageId }: ParkedOrigin,
    item: RefusedLine,
  ): DeadLetter => {
    const isCut = item.bytes.length > maxItemBytes
    return {
      ...identityOf(item, delivery, messageId),
      stream,
      // Senders choose the names of tenants that do not exist: all of them share one bound.
      tenant: item.code === 'unknown_tenant' ? noTenant : tenant.slice(0, maxTenantChars),
      code: item.code,
      reason: isCut
        ? `${item.reason} (only the first ${maxItemBytes} bytes are kept)`
        : item.reason,
      origin: {
        exchange: delivery.exchange,
        routing_key: delivery.routingKey,
        message_id: messageId,
        index: indexOf(item, delivery),
        ...propertiesOf(delivery, item.index),
      },
      item: Buffer.from(keptOf(item, delivery)).toString('base64'),
      ...(isCut ? { is_cut: true } : {}),
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
