import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openBroker } from '@warren/broker/open'
import { exchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import type { StoredToken } from '@warren/stores/catalog/catalog'
import { openTestCatalog, type TestCatalog } from '@warren/stores/catalog/testing'
import {
  startRabbitmq,
  type TestRabbitmq,
  type TestRabbitmqOptions,
} from '@warren/test-servers/rabbitmq'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { Registry } from 'prom-client'
import { expect, vi } from 'vitest'
import { type Collector, startCollector } from './serve.ts'
import { collectorSettingsSchema } from './settings.ts'
import { createTokenAuthenticate } from './token-authenticate.ts'

interface Received {
  readonly exchange: string
  readonly key: string
  readonly body: string
}

/** A collector with a broker and a catalog of its own, which listens on HTTP; takes bodies of 3 MiB, an item a second of the tenant `acme`. */
export interface TestCollector {
  readonly url: string
  readonly collector: Collector
  readonly rabbitmq: TestRabbitmq
  readonly catalog: TestCatalog
  readonly registry: Registry
  /** What came from the broker since `forget`. */
  received(): readonly Received[]
  forget(): void
  close(): Promise<void>
}

/** The secrets of senders called `shipper`: of the tenant `default`, of one that may only read, and of the tenant `acme`. */
export const secrets = { writes: 'good', reads: 'reads', limited: 'limited' } as const

const tokenOf = (secret: string): StoredToken => ({
  ...{ id: secret, name: 'shipper', role: 'writer', tenant: 'default' },
  ...{ isAlerting: false, deployments: undefined, lastUsedAt: null },
  secretHash: createHash('sha256').update(secret).digest(),
  createdAt: new Date(),
  expiresAt: new Date(Date.now() + 86_400_000),
})

const log = silentLog()

/** Keeps all messages of metrics and logs; resolves once none can pass unseen. */
async function openReader(rabbitmq: TestRabbitmq) {
  let received: Received[] = []
  const broker = openBroker({ url: rabbitmq.url, name: 'reader', log })
  const consumer = broker.consume({
    queue: {
      ...{ name: 'test.all', durable: true, autoDelete: false, exclusive: false },
      arguments: {},
      bindings: [exchanges.metrics, exchanges.logs].map((exchange) => ({ exchange, key: '#' })),
    },
    prefetch: 100,
    handle: async ({ exchange, body, routingKey }) => {
      received.push({ exchange, key: routingKey, body: body.toString() })
      return { type: 'ack' }
    },
  })
  // Green once its queue is bound.
  await vi.waitFor(() => expect(consumer.health().state).toBe('green'), { timeout: 20_000 })
  return {
    received: () => received,
    forget: () => {
      received = []
    },
    close: () => broker.close(),
  }
}

export interface TestCollectorOptions {
  readonly rabbitmq?: TestRabbitmqOptions
  /** 1 MiB unless said. */
  readonly spoolBytes?: number
  /** Puts a small disk at the folder of the spool, which is there and empty; the result takes it away. */
  readonly mount?: (folder: string) => () => void
}

export async function startTestCollector({
  rabbitmq: rabbitmqOptions = {},
  spoolBytes = 1024 ** 2,
  mount = () => () => undefined,
}: TestCollectorOptions = {}): Promise<TestCollector> {
  const rabbitmq = await startRabbitmq(rabbitmqOptions)
  const catalog = await openTestCatalog(['default', 'acme'])
  await catalog.catalog.tokens.create(tokenOf(secrets.writes))
  await catalog.catalog.tokens.create({ ...tokenOf(secrets.reads), role: 'viewer' })
  await catalog.catalog.tokens.create({ ...tokenOf(secrets.limited), tenant: 'acme' })
  const reader = await openReader(rabbitmq)
  const broker = openBroker({ url: rabbitmq.url, name: 'collector', log })
  const registry = new Registry()
  const spoolFolder = await makeTempDir('collector')
  const unmount = mount(spoolFolder)
  const collector = await startCollector({
    ...{ broker, spoolFolder, log, registry },
    authenticate: createTokenAuthenticate(catalog.catalog),
    settings: collectorSettingsSchema.parse({
      maxBodyBytes: 3 * 1024 ** 2,
      spoolBytes,
      limits: { tenants: { acme: { itemsPerSecond: 1 } } },
    }),
  })
  const server = createServer(collector.handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    ...{ collector, rabbitmq, catalog, registry },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: reader.received,
    forget: reader.forget,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await collector.close()
      await broker.close()
      await reader.close()
      await rabbitmq.close()
      await catalog.close()
      unmount()
      await removeTempDir(spoolFolder)
    },
  }
}
