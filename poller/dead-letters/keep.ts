import type { Consumer } from '@warren/broker/consumer'
import type { Delivery } from '@warren/broker/delivery'
import type { Broker } from '@warren/broker/open'
import { type DeadLetter, deadLetterSchema } from '@warren/contracts/dead-letter'
import { parseSenderKey } from '@warren/contracts/routing-key'
import { deadLetterQueue, streams } from '@warren/contracts/topology'
import type { DeadLetters } from '@warren/stores/catalog/dead-letter-store'
import { messageIdOf, wholeMessage } from '../origin.ts'
import { letterIdOf } from './letter-id.ts'
import { propertiesOf } from './letter-origin.ts'

const prefetch = 100

function parseLetter(body: Buffer): DeadLetter | undefined {
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
function toLetter(delivery: Delivery): DeadLetter {
  const { headers } = delivery.properties
  const deaths = headers['x-death']
  const death: Death = (Array.isArray(deaths) ? deaths[0] : undefined) ?? {}
  const keys = death['routing-keys']
  const routingKey = Array.isArray(keys) ? String(keys[0]) : delivery.routingKey
  const exchange = typeof death.exchange === 'string' ? death.exchange : delivery.exchange
  const messageId = messageIdOf(delivery)
  const item = { index: wholeMessage, code: 'delivery_limit', bytes: delivery.body } as const
  const now = new Date().toISOString()
  return {
    id: letterIdOf({ exchange, routingKey, messageId }, item),
    stream: streams.find((stream) => delivery.routingKey.startsWith(`${stream}.`)) ?? 'metrics',
    tenant: parseSenderKey(routingKey)?.tenant ?? '-',
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
    item: delivery.body.toString('base64'),
  }
}

/** Carries parked items from their queue to the catalog, which may be away for a while. */
export const keepDeadLetters = (broker: Broker, deadLetters: Pick<DeadLetters, 'put'>): Consumer =>
  broker.consume({
    queue: deadLetterQueue,
    prefetch,
    handle: async (delivery) => {
      await deadLetters.put([parseLetter(delivery.body) ?? toLetter(delivery)])
      return { type: 'ack' }
    },
  })
