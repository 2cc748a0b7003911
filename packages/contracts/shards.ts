import {
  type ExchangeSpec,
  exchanges,
  type QueueSpec,
  type StorageQueueOptions,
  type Stream,
  storageQueue,
  streams,
} from './topology.ts'

/** Storage queues of a stream, at most. */
export const maxShards = 16

/** The exchange that gives each message of a stream to one of its shards. */
export const shardExchange = (stream: Stream): string => `${exchanges[stream]}.shards`

const spreading = (stream: Stream) => ({
  name: shardExchange(stream),
  durable: true,
  autoDelete: false,
  bindings: [{ exchange: exchanges[stream], key: '#' }],
})

/** The kinds of it, the better one first: by chance; by `message_id`, which leaves messages without one to a single shard. Each needs its plugin. */
export const shardExchanges = (stream: Stream): readonly ExchangeSpec[] => [
  { ...spreading(stream), type: 'x-random' },
  {
    ...spreading(stream),
    type: 'x-consistent-hash',
    arguments: { 'hash-property': 'message_id' },
  },
]

/** Of that exchange to the stream's own. */
export const shardSource = (stream: Stream) => ({ exchange: exchanges[stream], key: '#' })

/** Of a shard to that exchange; a number, because the hashing kind takes it for a weight. */
export const shardBinding = (stream: Stream) => ({ exchange: shardExchange(stream), key: '1' })

/** A storage queue that gets its share of the messages. */
export const shardQueue = (options: StorageQueueOptions): QueueSpec => ({
  ...storageQueue(options),
  bindings: [shardBinding(options.stream)],
})

/** What has to be there for both streams before the first poller, where the spreading plugin is enabled. One shard needs no exchange of its own. */
export function storageTopology({
  shards,
  maxBytes,
}: {
  readonly shards: number
  readonly maxBytes: number
}): { readonly exchanges: readonly ExchangeSpec[]; readonly queues: readonly QueueSpec[] } {
  if (shards === 1)
    return {
      exchanges: [],
      queues: streams.map((stream) => storageQueue({ stream, shard: 0, maxBytes })),
    }
  return {
    exchanges: streams.flatMap((stream) => shardExchanges(stream).slice(0, 1)),
    queues: streams.flatMap((stream) =>
      Array.from({ length: shards }, (_, shard) => shardQueue({ stream, shard, maxBytes })),
    ),
  }
}
