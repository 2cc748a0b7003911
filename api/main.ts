import { readFileSync } from 'node:fs'
import { outsideUrl, publicAddress } from '@warren/broker/connection'
import { openBroker } from '@warren/broker/open'
import { startAdminServer } from '@warren/platform/admin-server'
import { createLog, type Log } from '@warren/platform/log'
import { optimiseSooner } from '@warren/platform/optimise-sooner'
import { createFrom } from '@warren/platform/plugin'
import { type Closeable, runUntilSignal } from '@warren/platform/run-service'
import { openCatalog } from '@warren/stores/catalog/open'
import * as logStores from '@warren/stores/logs/index'
import * as metricStores from '@warren/stores/metrics/index'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { ensureAdmin } from './auth/ensure-admin.ts'
import { ensureToken } from './auth/ensure-token.ts'
import { type ApiConfig, readApiConfig } from './config.ts'
import { pollParts } from './poll-parts.ts'
import { storeNameOf } from './redis/store-name.ts'
import type { CloudifyBroker } from './routes/cloudify-senders.ts'
import { startApi } from './serve.ts'
import type { TapBroker } from './taps/tap-broker.ts'

interface Package {
  readonly version: string
}

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as Package

async function openStores(config: ApiConfig) {
  const context = { dataDir: config.dataDir }
  const [catalog, metricStore, logStore] = await Promise.all([
    openCatalog({ url: config.catalogUrl.reveal() }),
    createFrom(metricStores, config.metricStore, context),
    createFrom(logStores, config.logStore, context),
  ])
  const password = config.adminPassword?.reveal()
  if (password !== undefined) await ensureAdmin({ catalog, password })
  const token = config.grafanaToken?.reveal()
  if (token !== undefined) await ensureToken({ catalog, name: 'grafana', secret: token })
  return { catalog, metricStore, logStore }
}

function openTapBroker({ amqpUrl, amqpCaFile }: ApiConfig, log: Log): TapBroker | undefined {
  if (amqpUrl === undefined) return undefined
  const url = amqpUrl.reveal()
  const ca = amqpCaFile === undefined ? undefined : readFileSync(amqpCaFile, 'utf8')
  const broker = openBroker({ url, name: 'warren api', log, ca })
  return { broker, url: outsideUrl(url), users: undefined }
}

function cloudifyBroker({ amqpUrl, cloudifyTenant, api }: ApiConfig): CloudifyBroker | undefined {
  if (amqpUrl === undefined) return undefined
  const url = new URL(amqpUrl.reveal())
  return {
    url: api.taps.amqpUrl ?? publicAddress(url.href),
    user: decodeURIComponent(url.username),
    rootTenant: cloudifyTenant,
  }
}

async function start(): Promise<Closeable> {
  optimiseSooner()
  const config = readApiConfig()
  const log = createLog({ service: 'api', ...config.log })
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  const stores = await openStores(config)
  const services = pollParts(config.parts)
  const tapBroker = openTapBroker(config, log)
  const api = await startApi({
    ...stores,
    parts: services.read,
    settings: { ...config.api, host: config.httpHost, port: config.httpPort },
    version,
    consoleDir: config.consoleDir,
    storeName: storeNameOf(config.metricStore),
    tapBroker,
    cloudify: cloudifyBroker(config),
    log,
    metrics,
  })
  const admin = await startAdminServer({
    host: config.adminHost,
    port: config.adminPort,
    version,
    registries: () => [metrics],
    health: () => api.health(),
  })
  log.info('the api listens', { url: api.url, adminPort: admin.port })
  return {
    ended: api.ended,
    close: async () => {
      admin.drain()
      services.stop()
      await api.close()
      await tapBroker?.broker.close()
      await Promise.all(Object.values(stores).map((store) => store.close()))
      await admin.close()
    },
  }
}

await runUntilSignal(start)
