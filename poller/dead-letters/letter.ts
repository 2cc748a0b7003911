import type { Delivery } from '@warren/broker/delivery'
import { type DeadLetter, deadLetterSchema } from '@warren/contracts/dead-letter'
import { parseSenderKey } from '@warren/contracts/routing-key'
import { streams } from '@warren/contracts/topology'
import { messageIdOf, noTenant, wholeMessage } from '../origin.ts'
import type { RuleBook } from '../rules/rule-book.ts'
import { keptBody } from './kept-body.ts'
import { letterIdOf } from './letter-id.ts'
import { propertiesOf } from './letter-origin.ts'

/** Undefined when the body is no letter. */
export function parseLetter(body: Buffer): DeadLetter | undefined {
  try {
    return deadLetterSchema.safeParse(JSON.parse(body.toString())).data
  } catch {
    return undefined
  }
}

/** The broker's own account of why it dead-lettered a message: https://www.rabbitmq.com/docs/dlx#effects */
interface Death {
  readonly exchange?: unknown
  readonly 'routing-keys'?: unknown
}

/** A message that RabbitMQ itself moved here: the storage queue's crash-loop fuse. */
export function toLetter(delivery: Delivery, rules: RuleBook): DeadLetter {
  const { headers } = delivery.properties
  const deaths = headers['x-death']
  const death: Death = (Array.isArray(deaths) ? deaths[0] : undefined) ?? {}
  const keys = death['routing-keys']
  const routingKey = Array.isArray(keys) ? String(keys[0]) : delivery.routingKey
  const exchange = typeof death.exchange === 'string' ? death.exchange : delivery.exchange
  const messageId = messageIdOf(delivery)
  const item = { index: wholeMessage, code: 'delivery_limit', bytes: delivery.body } as const
  const now = new Date().toISOString()
  const stream = streams.find((each) => delivery.routingKey.startsWith(`${each}.`)) ?? 'metrics'
  const kept = keptBody({ ...delivery, routingKey }, stream, rules)
  return {
    id: letterIdOf({ exchange, routingKey, messageId }, item),
    stream,
    tenant: parseSenderKey(routingKey)?.tenant ?? noTenant,
    code: item.code,
    reason: 'delivered too often without an outcome',
    first_seen: now,
    last_seen: now,
    attempts: 1,
    origin: {
      exchange,
      routing_key: routingKey,
      message_id: messageId,
      index: item.index,
      ...propertiesOf(delivery, item.index),
    },
    item: Buffer.from(kept).toString('base64'),
  }
}
