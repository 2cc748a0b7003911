import { toKeyWord } from './routing-key.ts'
import {
  deadLetterQueue,
  exchanges,
  type QueueSpec,
  type Stream,
  storageQueue,
} from './topology.ts'

/** Takes the messages of a tenant that sends more than its share, under their own routing keys. */
export const overflowExchange = (stream: Stream): string => exchanges[`${stream}Overflow`]

export interface OverflowQueueOptions {
  readonly stream: Stream
  readonly tenant: string
  readonly maxBytes: number
}

/** `poller.overflow-<stream>.<tenant>`: as a storage queue, of one tenant. */
export const overflowQueue = ({ stream, tenant, maxBytes }: OverflowQueueOptions): QueueSpec => ({
  ...storageQueue({ stream, shard: 0, maxBytes }),
  name: `poller.overflow-${stream}.${tenant}`,
  bindings: [{ exchange: overflowExchange(stream), key: `${tenant}.#` }],
})

/** `poller.overflow-dead.<tenant>`: as the queue of dead letters, of one tenant; `-` has one, too. */
export const letterOverflowQueue = (tenant: string): QueueSpec => ({
  ...deadLetterQueue,
  name: `poller.overflow-dead.${tenant}`,
  bindings: [{ exchange: exchanges.deadOverflow, key: `${toKeyWord(tenant)}.#` }],
})
