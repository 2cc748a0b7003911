import type { Delivery } from '@warren/broker/delivery'
import type { Broker } from '@warren/broker/open'
import type { QueueSpec } from '@warren/contracts/topology'
import type { Chunk, Normalised } from './chunk.ts'
import type { Origin } from './origin.ts'
import type { TimeWindow } from './time-window.ts'

/** Where messages of a stream come from, and how they are read. */
export interface StreamSource<C extends Chunk> {
  readonly broker: Broker
  readonly queue: QueueSpec
  /** False: somebody else's queue, used while it is there. */
  readonly declares?: boolean
  /** Its messages are of all tenants, so that those of one that sends too much move out of the others' way. */
  readonly isShared?: boolean
  /** Unacknowledged messages at most, and bytes of them to aim at; the poller's settings unless said. */
  readonly prefetch?: number
  readonly maxHeldBytes?: number
  /** The delivery under the address at which it could be sent again: everything after sees only that. */
  readonly readdress?: (delivery: Delivery) => Delivery
  /** Rejects with a `WarrenError` (reject) with a dead-letter code when the message belongs to nobody. */
  readonly originOf: (delivery: Delivery) => Promise<Origin>
  readonly normalise: (body: Buffer, origin: Origin, window: TimeWindow) => Normalised<C>
}
