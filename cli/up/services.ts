import { AsyncLocalStorage } from 'node:async_hooks'
import { join } from 'node:path'
import { startAnalyzer } from '@warren/analyzer/watch'
import { storeNameOf } from '@warren/api/redis/store-name'
import { startApi } from '@warren/api/serve'
import { withVhost } from '@warren/broker/connection'
import { type Broker, openBroker } from '@warren/broker/open'
import { type Collector, startCollector } from '@warren/collector/serve'
import type { Health } from '@warren/contracts/http/status'
import { createLog, type Log } from '@warren/platform/log'
import type { RunningService } from '@warren/platform/service'
import { type Supervised, supervise } from '@warren/platform/supervise'
import { startPoller } from '@warren/poller/consume'
import type { Catalog } from '@warren/stores/catalog/catalog'
import type { RequestHandler } from 'express'
import { Registry } from 'prom-client'
import type { UpBroker } from './broker.ts'
import type { UpConfig } from './config.ts'
import type { OpenStores } from './stores.ts'

const consoleDir = join(import.meta.dirname, '..', '..', 'dashboards', 'console', 'dist')

export interface ServicesOptions {
  readonly config: UpConfig
  readonly httpPort: number
  readonly version: string
  readonly broker: UpBroker
  readonly catalog: Catalog
  readonly stores: OpenStores
  /** Parts that are no services: the broker node, the agent. */
  readonly otherParts: () => readonly Health[]
}

export interface Services {
  health(): readonly Health[]
  registries(): readonly Registry[]
  close(): Promise<void>
}

interface Part {
  readonly name: string
  readonly log: Log
  readonly registry: Registry
}

/** A service with a broker connection of its own, which ends with it. */
async function withBroker(
  { name, log }: Part,
  url: string,
  start: (broker: Broker) => RunningService | Promise<RunningService>,
): Promise<RunningService> {
  const broker = openBroker({ url, name: `warren ${name}`, log })
  let service: RunningService
  try {
    service = await start(broker)
  } catch (error) {
    await broker.close()
    throw error
  }
  return {
    ended: service.ended,
    health: () => service.health(),
    close: async () => {
      await service.close()
      await broker.close()
    },
  }
}

interface Sender {
  readonly tenant: string
  readonly name: string
}

/** Lets the api, which has authenticated the sender, hand a request to the collector that runs now. */
function createCollectBridge() {
  const senders = new AsyncLocalStorage<Sender>()
  let current: Collector | undefined
  const handler: RequestHandler = (request, response) => {
    const collector = current
    if (collector === undefined) {
      response.status(503).set('Retry-After', '5').json({ error: 'the collector is starting' })
      return
    }
    const { tenant, sender } = response.locals as { tenant: string; sender: string }
    senders.run({ tenant, name: sender }, () => collector.handler(request, response))
  }
  return {
    handler,
    authenticate: async () => senders.getStore(),
    set: (collector: Collector) => {
      current = collector
      return collector
    },
  }
}

type Start = (part: Part) => Promise<RunningService>

/** What the api does with the broker. */
const brokerOf = ({ config, broker }: ServicesOptions, opened: Broker) => ({
  createAmqpUser: broker.createAmqpUser,
  senderUsers: broker.senderUsers,
  tapBroker: { broker: opened, url: broker.outsideUrl, users: broker.tapUsers },
  cloudify: {
    url: broker.outsideUrl,
    user: decodeURIComponent(new URL(broker.url).username),
    rootTenant: config.poller.cloudify.tenant,
    createUser: broker.createCloudifyUser,
  },
})

/** How each service is started; the api is the last one, and shows the others. */
function startersOf(
  options: ServicesOptions,
  others: () => readonly Health[],
): Readonly<Record<string, Start>> {
  const { config, broker, catalog, stores, httpPort, version } = options
  const bridge = createCollectBridge()
  const pollerSettings = {
    ...config.poller,
    queueMaxBytes: Math.min(config.poller.queueMaxBytes, broker.queueBytes),
  }
  return {
    poller: async (part) =>
      withBroker(part, broker.url, (opened) =>
        startPoller({
          ...part,
          broker: opened,
          openVhost: (vhost) =>
            openBroker({ url: withVhost(broker.url, vhost), name: 'warren poller', log: part.log }),
          ...stores,
          catalog,
          settings: pollerSettings,
          dataDir: config.dataDir,
        }),
      ),
    collector: async (part) =>
      withBroker(part, broker.url, async (opened) =>
        bridge.set(
          await startCollector({
            broker: opened,
            authenticate: bridge.authenticate,
            settings: config.collector,
            spoolFolder: join(config.dataDir, 'collector', 'spool'),
            ...{ log: part.log, registry: part.registry },
          }),
        ),
      ),
    analyzer: async (part) =>
      withBroker(part, broker.url, (opened) =>
        startAnalyzer({ broker: opened, settings: config.analyzer, log: part.log }),
      ),
    api: (part) =>
      withBroker(part, broker.url, (opened) =>
        startApi({
          catalog,
          ...stores,
          settings: { ...config.api, host: config.httpHost, port: httpPort },
          version,
          parts: others,
          collector: bridge.handler,
          consoleDir,
          storeName: storeNameOf(config.metricStore),
          ...brokerOf(options, opened),
          log: part.log,
          metrics: part.registry,
        }),
      ),
  }
}

/** Starts every service under supervision: one that throws is started again alone. */
export function startServices(options: ServicesOptions): Services {
  const registries: Registry[] = []
  const supervised: Supervised[] = []
  const others = () => [
    ...supervised.slice(0, -1).flatMap((part) => part.health()),
    ...options.otherParts(),
  ]
  for (const [name, start] of Object.entries(startersOf(options, others))) {
    const log = createLog({ service: name, ...options.config.log })
    const registry = new Registry()
    registries.push(registry)
    const startAgain = () => {
      registry.clear()
      return start({ name, log, registry })
    }
    supervised.push(supervise({ name, log, start: startAgain }))
  }
  return {
    health: () => [...supervised.flatMap((part) => part.health()), ...options.otherParts()],
    registries: () => registries,
    close: async () => {
      await Promise.all(supervised.map((part) => part.close()))
    },
  }
}
