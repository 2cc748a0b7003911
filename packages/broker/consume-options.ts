import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import type { QueueSpec } from '@warren/contracts/topology'
import type { Delivery, Outcome } from './delivery.ts'

export interface ConsumeOptions {
  /** Declared by the consumer itself, after the exchanges of `Broker.declare`. */
  readonly queue: QueueSpec
  /** False: the queue is only used, while it is there; red while it is not. */
  readonly declares?: boolean
  /** Called whenever deliveries begin anew: what was sent between the last loss and now is missing, where the queue went with its connection. */
  readonly onSubscribed?: () => void
  /** Unacknowledged messages at most. */
  readonly prefetch: number
  /** Bytes of unacknowledged messages, as they will be once unpacked, to aim at: the prefetch falls below `prefetch` while messages are large. 64 MiB unless said. */
  readonly maxHeldBytes?: number
  /** Called for each delivery, up to `prefetch` at once. A thrown error counts by its disposition: retry, dead, or (fatal) stop. */
  readonly handle: (delivery: Delivery) => Promise<Outcome>
  /** Makes a dead letter durable; while it rejects, the handler and it are called again after a back-off. */
  readonly park?: (delivery: Delivery, why: DeadReason) => Promise<void>
  /** A delivery held longer is given back, and nothing is taken until the handlers of that time have ended: below the broker's `consumer_timeout` (30 minutes). 15 minutes unless said. */
  readonly maxHoldMs?: number
}

export interface DeadReason {
  readonly code: DeadLetterCode
  readonly reason: string
}
