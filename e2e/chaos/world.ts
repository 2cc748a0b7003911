import type { Cutter } from '@warren/test-servers/cutter'
import type { FaultProxy } from '@warren/test-servers/fault-proxy'
import type { TestServer } from '@warren/test-servers/test-server'
import type { Client } from '../client.ts'
import type { Counters } from './counters.ts'

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
  /** SIGSTOP or SIGCONT of the same process. */
  pausePoller(signal: 'SIGSTOP' | 'SIGCONT'): void
  /** kill -9 of the process that holds the api (embedded: every service); resolves when it answers again. */
  killApi(): Promise<void>
  /** kill -9; resolves when it answers again. */
  killBroker(): Promise<void>
  /** In order; resolves when it answers again. */
  restartBroker(): Promise<void>
  /** kill -9 of PostgreSQL; resolves when it answers again. */
  killCatalog(): Promise<void>
  /** Of the pollers that run now, since they were started. */
  counters(): Promise<Counters>
  readonly servers?: Servers
  /** Where the stores are, each a small disk of its own; none where mounting is not allowed. */
  readonly disks: readonly string[]
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
