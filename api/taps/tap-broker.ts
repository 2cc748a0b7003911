import type { Broker } from '@warren/broker/open'
import type { BrokerUser } from '@warren/broker/users'

/** Users of a broker that Warren itself runs. */
export interface TapUsers {
  /** Adds or replaces them and keeps them: they are back when the node's own folder was lost. */
  put(users: readonly BrokerUser[]): Promise<void>
  /** Closes its connections. One that is absent is fine. */
  remove(name: string): Promise<void>
  /** Those that are kept. */
  names(): readonly string[]
}

/** What taps need of the broker. */
export interface TapBroker {
  /** With the right to declare queues; stays the caller's to close. */
  readonly broker: Broker
  /** Where consumers outside reach it, without a credential. */
  readonly url: string
  /** Absent behind an address: AMQP cannot make users. */
  readonly users: TapUsers | undefined
}
