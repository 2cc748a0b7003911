/** Exchanges and queues of Warren, as data. `packages/broker` declares them; the private node's definitions file carries them too. */

export interface ExchangeSpec {
  readonly name: string
  /** Those with `x-` are plugins of RabbitMQ. */
  readonly type: 'topic' | 'direct' | 'fanout' | 'x-random' | 'x-consistent-hash'
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly arguments?: Readonly<Record<string, string>>
  /** The exchanges that it gets messages from. */
  readonly bindings?: readonly BindingSpec[]
}

export interface BindingSpec {
  readonly exchange: string
  readonly key: string
}

export interface QueueSpec {
  readonly name: string
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly exclusive: boolean
  /** `x-…` arguments, never broker policies: arguments win, and over an address we have only AMQP. */
  readonly arguments: Readonly<Record<string, string | number>>
  readonly bindings: readonly BindingSpec[]
}

export const exchanges = {
  metrics: 'warren.metrics',
  logs: 'warren.logs',
  events: 'warren.events',
  alerts: 'warren.alerts',
  findings: 'warren.findings',
  operations: 'warren.operations',
  results: 'warren.results',
  dead: 'warren.dead',
  /** Messages of Cloudify's senders that are sent again: their own exchanges do not say whose they are. */
  cloudify: 'warren.cloudify',
  /** Messages of a tenant that sends more than its share, under their own keys, on the way to its own queue. */
  metricsOverflow: 'warren.metrics.overflow',
  logsOverflow: 'warren.logs.overflow',
  /** Dead letters of a tenant that has as many as it may, `<tenant>.<stream>.<code>`, on the way to its own queue. */
  deadOverflow: 'warren.dead.overflow',
  /** What came late or went, for those who keep answers. */
  late: 'warren.late',
} as const

const topic = (name: string): ExchangeSpec => ({
  name,
  type: 'topic',
  durable: true,
  autoDelete: false,
})
const direct = (name: string): ExchangeSpec => ({ ...topic(name), type: 'direct' })

export const warrenExchanges: readonly ExchangeSpec[] = [
  topic(exchanges.metrics),
  topic(exchanges.logs),
  topic(exchanges.events),
  topic(exchanges.alerts),
  topic(exchanges.findings),
  direct(exchanges.operations),
  direct(exchanges.results),
  topic(exchanges.dead),
  topic(exchanges.cloudify),
  topic(exchanges.metricsOverflow),
  topic(exchanges.logsOverflow),
  topic(exchanges.deadOverflow),
  { ...topic(exchanges.late), type: 'fanout' },
]

/** The streams that a poller stores. */
export const streams = ['metrics', 'logs'] as const
export type Stream = (typeof streams)[number]

export const defaultQueueBytes = 20 * 1024 ** 3

export interface StorageQueueOptions {
  readonly stream: Stream
  readonly shard: number
  /** Bytes of ready and unacknowledged messages above which the queue refuses a publish (nack). */
  readonly maxBytes: number
}

export const storageQueueName = (stream: Stream, shard: number): string =>
  `poller.${stream}.${shard}`

/** `poller.<stream>.<shard>`, bound to the stream's own exchange: a quorum queue that refuses rather than drops, with a crash-loop fuse far above any real restart count. */
export function storageQueue({ stream, shard, maxBytes }: StorageQueueOptions): QueueSpec {
  return {
    name: storageQueueName(stream, shard),
    durable: true,
    autoDelete: false,
    exclusive: false,
    arguments: {
      'x-queue-type': 'quorum',
      'x-overflow': 'reject-publish',
      'x-max-length-bytes': maxBytes,
      'x-delivery-limit': 1000,
      'x-dead-letter-exchange': exchanges.dead,
      'x-dead-letter-routing-key': `${stream}.-.delivery_limit`,
      'x-dead-letter-strategy': 'at-least-once',
    },
    bindings: [{ exchange: exchanges[stream], key: '#' }],
  }
}

/** The queue that carries parked items to the catalog. */
export const deadLetterQueue: QueueSpec = {
  name: 'poller.dead.0',
  durable: true,
  autoDelete: false,
  exclusive: false,
  arguments: {
    'x-queue-type': 'quorum',
    'x-overflow': 'reject-publish',
    'x-max-length-bytes': 1024 ** 3,
    'x-delivery-limit': 1000,
  },
  bindings: [{ exchange: exchanges.dead, key: '#' }],
}
