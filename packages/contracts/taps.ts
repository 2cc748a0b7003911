import { toKeyWord } from './routing-key.ts'
import { exchanges, type QueueSpec } from './topology.ts'

/** What a tap can be bound to. */
export const tapStreams = ['metrics', 'logs', 'events', 'alerts'] as const
export type TapStream = (typeof tapStreams)[number]

export interface TapSpec {
  readonly tenant: string
  /** Without a dot: it is one word of the queue's name. */
  readonly name: string
  readonly streams: readonly TapStream[]
  /** Only this deployment's messages. Alerts carry none in their key, so a tap of one deployment has no alerts. */
  readonly deployment: string | undefined
  /** Messages that wait; above it the oldest are dropped. */
  readonly maxBytes: number
  readonly messageTtlMs: number
  /** How long the queue lives without a consumer. */
  readonly expiresMs: number
}

/** How long a tap's consumer may hold a message unacknowledged; RabbitMQ before 3.12 knows only its own limit for all queues. */
const consumerTimeoutMs = 5 * 60_000

export const tapQueueName = ({ tenant, name }: Pick<TapSpec, 'tenant' | 'name'>): string =>
  `tap.${tenant}.${name}`

/** The broker user of a tap. A tenant has no hyphen, so no two taps share one. */
export const tapUserName = ({ tenant, name }: Pick<TapSpec, 'tenant' | 'name'>): string =>
  `tap-${tenant}-${name}`

/** A classic queue that drops its oldest: `reject-publish` would refuse messages for every publisher. Its keys begin with the tenant, whatever was asked for. */
export function tapQueue(tap: TapSpec): QueueSpec {
  const words = tap.deployment === undefined ? [tap.tenant] : [tap.tenant, tap.deployment]
  const key = `${words.map(toKeyWord).join('.')}.#`
  return {
    name: tapQueueName(tap),
    durable: true,
    autoDelete: false,
    exclusive: false,
    arguments: {
      'x-queue-type': 'classic',
      'x-max-length-bytes': tap.maxBytes,
      'x-overflow': 'drop-head',
      'x-message-ttl': tap.messageTtlMs,
      'x-expires': tap.expiresMs,
      'x-consumer-timeout': consumerTimeoutMs,
    },
    bindings: tap.streams.map((stream) => ({ exchange: exchanges[stream], key })),
  }
}
