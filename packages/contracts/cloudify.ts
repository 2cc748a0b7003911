import { type ExchangeSpec, exchanges, type QueueSpec, type Stream } from './topology.ts'

/** Exchanges of Cloudify, each declared as its agents declare it: another declaration closes their channel. */
export const cloudifyExchanges: readonly ExchangeSpec[] = [
  { name: 'cloudify-monitoring', type: 'topic', durable: false, autoDelete: true },
  { name: 'cloudify-logs', type: 'fanout', durable: true, autoDelete: false },
  { name: 'cloudify-events', type: 'fanout', durable: true, autoDelete: false },
  { name: 'cloudify-events-topic', type: 'topic', durable: true, autoDelete: false },
]

/** Which of them carry what, and the keys that are taken. */
const sources: Readonly<Record<Stream, readonly { exchange: string; key: string }[]>> = {
  metrics: [{ exchange: 'cloudify-monitoring', key: '#' }],
  logs: [
    { exchange: 'cloudify-logs', key: '#' },
    { exchange: 'cloudify-events', key: '#' },
    { exchange: 'cloudify-events-topic', key: 'events.#' },
  ],
}

const rootVhost = '/'

/** The vhost in which a tenant's Cloudify senders publish; `/` belongs to one tenant. */
export const cloudifyVhost = (tenant: string, rootTenant: string): string =>
  tenant === rootTenant ? rootVhost : `cloudify-${tenant}`

/** The deployment that stands for every one. */
export const anyDeployment = '*'

/** Deliveries after which a message is parked unread: the queue's own fuse would lose it, for another vhost has no dead letters. */
export const cloudifyMaxDeliveries = 900

/** The queue of one vhost. In `/` it also takes what is sent again, on `warren.cloudify` with key `<tenant>.<deployment>.<exchange>`. */
export function cloudifyQueue(
  stream: Stream,
  { vhost, maxBytes }: { readonly vhost: string; readonly maxBytes: number },
): QueueSpec {
  const again = sources[stream].map(({ exchange }) => ({
    exchange: exchanges.cloudify,
    key: `*.*.${exchange}`,
  }))
  return {
    name: `poller.cloudify-${stream}.0`,
    durable: true,
    autoDelete: false,
    exclusive: false,
    arguments: {
      'x-queue-type': 'quorum',
      'x-overflow': 'reject-publish',
      'x-max-length-bytes': maxBytes,
      'x-delivery-limit': 1000,
    },
    bindings: vhost === rootVhost ? [...sources[stream], ...again] : sources[stream],
  }
}
