import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withVhost } from '@warren/broker/connection'
import { type Broker, openBroker } from '@warren/broker/open'
import type { OutgoingMessage, Publisher } from '@warren/broker/publisher'
import type { DeadLetter } from '@warren/contracts/dead-letter'
import { contentTypes } from '@warren/contracts/message'
import { exchanges } from '@warren/contracts/topology'
import { parseQuery } from '@warren/influxql/parse'
import { silentLog } from '@warren/platform/log.testing'
import type { RunningService } from '@warren/platform/service'
import type { DeadLetterLimits } from '@warren/stores/catalog/dead-letter-room'
import { openTestCatalog, type TestCatalog } from '@warren/stores/catalog/testing'
import { duckdb as duckdbLogs } from '@warren/stores/logs/duckdb'
import type { LogStore } from '@warren/stores/logs/log-store'
import { duckdb as duckdbMetrics } from '@warren/stores/metrics/duckdb'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import {
  startRabbitmq,
  type TestRabbitmq,
  type TestRabbitmqOptions,
} from '@warren/test-servers/rabbitmq'
import { Registry } from 'prom-client'
import { pollerSettingsSchema } from './config.ts'
import { startPoller } from './consume.ts'

/** Of `expect.poll`. */
export const patience = { timeout: 30_000, interval: 20 }

const log = silentLog()

/** A poller on a RabbitMQ, embedded stores and a catalog of its own, with the tenants `default` and `acme`. */
export interface TestPoller {
  readonly server: TestRabbitmq
  readonly catalog: TestCatalog
  readonly logStore: LogStore
  /** Of the poller that runs now. */
  readonly broker: Broker
  readonly publisher: Publisher
  readonly poller: RunningService
  /** Thrown by a store, or by the catalog when it is given letters, instead of being asked, while set: its network. */
  readonly outage: {
    metrics?: Error | undefined
    logs?: Error | undefined
    letters?: Error | undefined
  }
  /** The metric batches that the store was given since `start`. */
  readonly written: readonly string[]
  /** The record batches, likewise. */
  readonly writtenRecords: readonly string[]
  /** A poller with a broker connection and counters of its own, the one before having been stopped. */
  start(settings?: object): Promise<void>
  /** Letters that were not there at the last `start`, newest first a tenant. */
  parked(): Promise<readonly DeadLetter[]>
  /** `count(v), max(v)` of a measurement. */
  countOf(measurement: string, tenant?: string): Promise<unknown>
  /** Sum over a counter's labels. */
  counter(name: string): Promise<number>
  stop(): Promise<void>
  close(): Promise<void>
}

/** Stores that are not given are embedded ones. */
export async function openTestPoller(
  deadLetterLimits?: DeadLetterLimits,
  given: Partial<Stores> = {},
  broker: TestRabbitmqOptions = {},
): Promise<TestPoller> {
  const server = await startRabbitmq(broker)
  const catalog = await openTestCatalog(['default', 'acme'], deadLetterLimits)
  const dataDir = await mkdtemp(join(tmpdir(), 'warren-poller-'))
  const { metricStore, logStore } = await openStores(dataDir, given)
  const outage: TestPoller['outage'] = {}
  const all = () => catalog.lettersOf('default', 'acme', 'nobody', '-')
  let written: string[] = []
  let writtenRecords: string[] = []
  let before: ReadonlySet<string> = new Set()
  let running: { broker: Broker; publisher: Publisher; poller: RunningService; registry: Registry }

  const stop = async () => {
    await running.poller.close()
    await running.broker.close()
  }
  return {
    ...{ server, catalog, logStore, outage, stop },
    get broker() {
      return running.broker
    },
    get publisher() {
      return running.publisher
    },
    get poller() {
      return running.poller
    },
    get written() {
      return written
    },
    get writtenRecords() {
      return writtenRecords
    },
    start: async (settings = {}) => {
      written = []
      writtenRecords = []
      before = new Set((await all()).map(({ id }) => id))
      const broker = openBroker({ url: server.url, name: 'test', log })
      const registry = new Registry()
      const note = {
        metrics: (text: string) => void written.push(text),
        logs: (text: string) => void writtenRecords.push(text),
      }
      const poller = startPoller({
        ...{ broker, log, registry, catalog: catalogWith(catalog, outage) },
        openVhost: (vhost) => openBroker({ url: withVhost(server.url, vhost), name: 'test', log }),
        ...storesWith({ metricStore, logStore }, outage, note),
        settings: pollerSettingsSchema.parse({ closeMs: 1000, ...settings }),
        dataDir,
      })
      running = { broker, publisher: broker.publisher({ waitMs: 2000 }), poller, registry }
    },
    parked: async () => (await all()).filter(({ id }) => !before.has(id)),
    countOf: (measurement, tenant = 'default') => countIn(metricStore, measurement, tenant),
    counter: async (name) => {
      const metric = await running.registry.getSingleMetric(`warren_poller_${name}`)?.get()
      return (metric?.values ?? []).reduce((sum, sample) => sum + sample.value, 0)
    },
    close: async () => {
      await Promise.all([metricStore.close(), logStore.close(), server.close(), catalog.close()])
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

interface Stores {
  readonly metricStore: MetricStore
  readonly logStore: LogStore
}

const openStores = async (dataDir: string, given: Partial<Stores>): Promise<Stores> => ({
  metricStore:
    given.metricStore ??
    (await duckdbMetrics.create(duckdbMetrics.settings.parse({}), { dataDir })),
  logStore: given.logStore ?? (await duckdbLogs.create(duckdbLogs.settings.parse({}), { dataDir })),
})

function catalogWith(
  { catalog }: TestCatalog,
  outage: TestPoller['outage'],
): TestCatalog['catalog'] {
  const { deadLetters } = catalog
  const put: typeof deadLetters.put = (letters) =>
    outage.letters === undefined ? deadLetters.put(letters) : Promise.reject(outage.letters)
  return { ...catalog, deadLetters: { ...deadLetters, put } }
}

function storesWith(
  { metricStore, logStore }: Stores,
  outage: TestPoller['outage'],
  note: Readonly<Record<'metrics' | 'logs', (text: string) => void>>,
): Stores {
  const guard = <Result>(part: 'metrics' | 'logs', ask: () => Promise<Result>) => {
    const error = outage[part]
    return error === undefined ? ask() : Promise.reject(error)
  }
  return {
    metricStore: {
      ...metricStore,
      write: (batch) => {
        note.metrics(Buffer.from(batch.bytes).toString())
        return guard('metrics', () => metricStore.write(batch))
      },
      check: () => guard('metrics', () => metricStore.check()),
    },
    logStore: {
      ...logStore,
      write: (batch) => {
        note.logs(Buffer.from(batch.bytes).toString())
        return guard('logs', () => logStore.write(batch))
      },
      check: () => guard('logs', () => logStore.check()),
    },
  }
}

async function countIn(store: MetricStore, measurement: string, tenant: string): Promise<unknown> {
  const [result] = await store.query({
    tenant,
    statements: parseQuery(`SELECT count(v), max(v) FROM ${measurement}`),
    epoch: 'ns',
    nowNs: BigInt(Date.now() + 86_400_000) * 1_000_000n,
    signal: AbortSignal.timeout(30_000),
  })
  return result?.series?.[0]?.values[0]?.slice(1)
}

const baseNs = BigInt(Date.now()) * 1_000_000n

/** Lines `name,host=… v=<first>i <time>`, a different point each. */
export const pointsOf = (name: string, count: number, first = 0): string =>
  Array.from(
    { length: count },
    (_, index) =>
      `${name},host=h${index % 7} v=${first + index}i ${baseNs + BigInt(first + index)}`,
  ).join('\n')

export const recordsOf = (name: string, count: number): string =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      '@timestamp': new Date(Date.now() - index).toISOString(),
      message: `${name} ${index}`,
      'event.dataset': name,
    }),
  ).join('\n')

export const metrics = (
  text: string | Buffer,
  more: Partial<OutgoingMessage> = {},
): OutgoingMessage => ({
  exchange: exchanges.metrics,
  key: 'default.-.test',
  body: Buffer.from(text),
  contentType: contentTypes.lineProtocol,
  ...more,
})

export const logs = (text: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  ...metrics(text),
  exchange: exchanges.logs,
  contentType: contentTypes.ndjson,
  ...more,
})
