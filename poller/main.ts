import { readFileSync } from 'node:fs'
import { withVhost } from '@warren/broker/connection'
import { openBroker } from '@warren/broker/open'
import { startAdminServer } from '@warren/platform/admin-server'
import { createLog } from '@warren/platform/log'
import { createFrom } from '@warren/platform/plugin'
import { type Closeable, runUntilSignal } from '@warren/platform/run-service'
import { openCatalog } from '@warren/stores/catalog/open'
import * as logStores from '@warren/stores/logs/index'
import * as metricStores from '@warren/stores/metrics/index'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { type PollerConfig, readPollerConfig } from './config.ts'
import { startPoller } from './consume.ts'

interface Package {
  readonly version: string
}

const { version } = JSON.parse(
  readFileSync(new URL('./package.json', import.meta.url), 'utf8'),
) as Package

async function openStores(config: PollerConfig) {
  const context = { dataDir: config.dataDir }
  const [catalog, metricStore, logStore] = await Promise.all([
    openCatalog({ url: config.catalogUrl.reveal() }),
    createFrom(metricStores, config.metricStore, context),
    createFrom(logStores, config.logStore, context),
  ])
  return { catalog, metricStore, logStore }
}

const readCa = ({ amqpCaFile }: PollerConfig): string | undefined =>
  amqpCaFile === undefined ? undefined : readFileSync(amqpCaFile, 'utf8')

async function start(): Promise<Closeable> {
  const config = readPollerConfig()
  const log = createLog({ service: 'poller', ...config.log })
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const stores = await openStores(config)
  const url = config.amqpUrl.reveal()
  const common = { name: 'warren poller', log, ca: readCa(config) }
  const broker = openBroker({ url, ...common })
  const openVhost = (vhost: string) => openBroker({ url: withVhost(url, vhost), ...common })
  const poller = startPoller({
    ...stores,
    broker,
    openVhost,
    settings: config.poller,
    dataDir: config.dataDir,
    log,
    registry,
  })
  const admin = await startAdminServer({
    host: config.adminHost,
    port: config.adminPort,
    version,
    registries: () => [registry],
    health: () => poller.health(),
  })
  log.info('the poller runs', { adminPort: admin.port })
  return {
    ended: poller.ended,
    close: async () => {
      admin.drain()
      await poller.close()
      await broker.close()
      await Promise.all(Object.values(stores).map((store) => store.close()))
      await admin.close()
    },
  }
}

await runUntilSignal(start)
