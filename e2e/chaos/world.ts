import type { Stream } from '@warren/contracts/topology'
import type { Cutter } from '@warren/test-servers/cutter'
import type { FaultProxy } from '@warren/test-servers/fault-proxy'
import type { TestServer } from '@warren/test-servers/test-server'
import type { Client } from '../client.ts'

/** The platform that is broken, in one of its shapes. */
export interface World {
  /** Of the gateway, which reads the stores past every fault proxy. */
  readonly client: Client
  /** For publishers; goes through one of the cutters. */
  readonly senderUrl: string
  /** With the rights of Warren's services. */
  readonly brokerUrl: string
  readonly cutters: readonly Cutter[]
  /** kill -9 of the process that holds the poller (embedded: every service). */
  killPoller(): Promise<void>
  startPoller(): Promise<void>
  /** kill -9; resolves when it answers again. */
  killBroker(): Promise<void>
  /** In order; resolves when it answers again. */
  restartBroker(): Promise<void>
  /** Items that the pollers which run now say they have stored since they were started. */
  stored(stream: Stream): Promise<number>
  readonly servers?: Servers
  /** Where the embedded stores are; only where mounting is allowed. */
  readonly disk?: string
  close(): Promise<void>
}

/** What the external shape has besides. */
export interface Servers {
  readonly influxdb: TestServer
  readonly elasticsearch: TestServer
  readonly metricProxy: FaultProxy
  readonly logProxy: FaultProxy
  /** A poller that shares the queues with the first one. */
  startSecondPoller(): Promise<{ kill(): Promise<void> }>
}
