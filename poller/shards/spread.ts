import type { Broker } from '@warren/broker/open'
import { shardBinding, shardExchange, shardExchanges, shardSource } from '@warren/contracts/shards'
import type { QueueSpec, Stream } from '@warren/contracts/topology'

export interface SpreadOptions {
  readonly broker: Pick<Broker, 'queues' | 'exchanges'>
  readonly stream: Stream
  readonly shards: number
}

/** The exchange that gives each message to one shard. Once it is there it stays, whatever the number: so pollers of different settings never undo each other's way in. */
export interface Spread {
  /** Whether the broker has it, made now if more than one shard is wanted; false: it has no plugin for it, or one shard is enough. */
  find(): Promise<boolean>
  /** Restores what is missing of the way into the queues. With the exchange: binds them to it, and it to the stream's; only then takes away the direct binding of a single queue. Nothing is unrouted at any moment; a message may be in two queues. */
  join(queues: readonly QueueSpec[]): Promise<void>
  /** Gives the queue no more messages. */
  leave(queue: string): Promise<void>
  /** Why there is none although it is wanted. */
  readonly whyNot: string
}

export function openSpread({ broker, stream, shards }: SpreadOptions): Spread {
  const { queues: admin, exchanges } = broker
  const name = shardExchange(stream)
  const kinds = shardExchanges(stream)
  let isThere = false

  const make = async (): Promise<boolean> => {
    for (const kind of kinds) if (await exchanges.declareIfKnown(kind)) return true
    return false
  }
  /** A queue that exists with other arguments is used as it is. */
  const bind = async (queue: QueueSpec): Promise<void> => {
    if ((await admin.look(queue.name)) === undefined) await admin.create(queue)
    else for (const binding of queue.bindings) await exchanges.bindQueue(queue.name, binding)
  }

  return {
    find: async () => {
      isThere = (await exchanges.has(name)) || (shards > 1 && (await make()))
      return isThere
    },
    join: async (queues) => {
      for (const queue of queues) await bind(queue)
      if (!isThere) return
      await exchanges.bind(name, shardSource(stream))
      for (const queue of queues) await exchanges.unbindQueue(queue.name, shardSource(stream))
    },
    leave: async (queue) => {
      if (!isThere) return
      await exchanges.unbindQueue(queue, shardBinding(stream))
    },
    whyNot: `the broker has no exchange of type ${kinds.map(({ type }) => type).join(' or ')}, so there is one shard instead of ${shards}: enable its plugin (rabbitmq-plugins enable rabbitmq_random_exchange), or set poller.shards to 1`,
  }
}
