import type { Consumer } from '@warren/broker/consumer'
import type { Broker } from '@warren/broker/open'
import { cloudifyExchanges, cloudifyQueue, cloudifyVhost } from '@warren/contracts/cloudify'
import type { Health } from '@warren/contracts/http/status'
import { streams } from '@warren/contracts/topology'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import type { CloudifyDeployments } from '@warren/stores/catalog/catalog'
import type { Chunk } from '../chunk.ts'
import type { PollerSettings } from '../config.ts'
import type { ConsumedStream } from '../consume-stream.ts'
import type { LogChunk } from '../logs/record-lines.ts'
import type { IsKnownTenant } from '../origin.ts'
import { createKnownDeployments } from './known-deployments.ts'
import { normaliseCloudifyLog } from './log.ts'
import { normaliseCloudifyMetric } from './metric.ts'
import { cloudifySource } from './source.ts'

export interface CloudifyOptions {
  /** Of vhost `/`; stays the caller's to close. */
  readonly broker: Broker
  /** Another vhost of the same broker; absent: only `/` is consumed. */
  readonly openVhost: ((vhost: string) => Broker) | undefined
  readonly deployments: Pick<CloudifyDeployments, 'has' | 'tenants'>
  readonly isKnownTenant: IsKnownTenant
  readonly settings: PollerSettings
  readonly metrics: ConsumedStream<Chunk>
  readonly logs: ConsumedStream<LogChunk>
}

export interface CloudifyConsumers {
  health(): readonly Health[]
  close(): Promise<void>
}

/** How soon a tenant's first Cloudify sender is noticed. */
const lookMs = 5000
/** Each costs a connection. */
const maxVhosts = 200

interface Vhost {
  readonly consumers: readonly Consumer[]
  health(): readonly Health[]
  close(): Promise<void>
}

type IsKnownDeployment = ReturnType<typeof createKnownDeployments>

/** Its exchanges are declared as Cloudify declares them, so that whoever comes first, agent or Warren, finds them right. */
function consumeVhost(
  { broker, vhost, tenant }: { broker: Broker; vhost: string; tenant: string },
  options: CloudifyOptions,
  isKnownDeployment: IsKnownDeployment,
): Pick<Vhost, 'consumers'> {
  const { settings, isKnownTenant, metrics, logs } = options
  const maxBytes = settings.queueMaxBytes
  // Queues too: an exchange that is deleted takes its bindings along.
  const queues = streams.map((stream) => cloudifyQueue(stream, { vhost, maxBytes }))
  broker.declare(cloudifyExchanges, queues)
  const common = { broker, vhost, tenant, maxBytes, isKnownTenant, isKnownDeployment }
  const ofMetrics = cloudifySource({
    ...common,
    stream: 'metrics',
    normalise: normaliseCloudifyMetric,
  })
  const ofLogs = cloudifySource({
    ...common,
    stream: 'logs',
    normalise: (body, origin, window) =>
      normaliseCloudifyLog(body, origin, { window, nowMs: Date.now() }),
  })
  return { consumers: [metrics.consume(ofMetrics), logs.consume(ofLogs)] }
}

/** Consumes Cloudify's exchanges in `/`, and in the vhost of each tenant that has Cloudify senders of its own. */
export function consumeVhosts(options: CloudifyOptions): CloudifyConsumers {
  const { broker, openVhost, deployments, settings } = options
  const { tenant: rootTenant } = settings.cloudify
  const isKnownDeployment = createKnownDeployments(deployments)
  const looking = createHealthCell('cloudify')
  looking.set('green')
  const root = consumeVhost({ broker, vhost: '/', tenant: rootTenant }, options, isKnownDeployment)
  const others = new Map<string, Vhost>()

  const open = (tenant: string, openOther: (vhost: string) => Broker) => {
    const vhost = cloudifyVhost(tenant, rootTenant)
    const own = openOther(vhost)
    const { consumers } = consumeVhost({ broker: own, vhost, tenant }, options, isKnownDeployment)
    others.set(tenant, {
      consumers,
      health: () =>
        own.health().map((health) => ({ ...health, part: `${health.part} of ${vhost}` })),
      close: async () => {
        await Promise.all(consumers.map((consumer) => consumer.close(settings.closeMs)))
        await own.close()
      },
    })
  }
  const look = async () => {
    if (openVhost === undefined) return
    try {
      const wanted = (await deployments.tenants()).filter((tenant) => tenant !== rootTenant)
      for (const tenant of wanted.slice(0, maxVhosts))
        if (!others.has(tenant) && !closing) open(tenant, openVhost)
      if (wanted.length <= maxVhosts) looking.set('green')
      else looking.set('yellow', `only ${maxVhosts} of ${wanted.length} tenants are consumed`)
    } catch (error) {
      looking.set('yellow', reasonOf(error))
    }
  }
  let closing = false
  let last = look()
  const timer = setInterval(() => {
    last = last.then(look)
  }, lookMs)
  return {
    health: () => [
      looking.read(),
      ...root.consumers.map((consumer) => consumer.health()),
      ...[...others.values()].flatMap((vhost) => vhost.health()),
    ],
    close: async () => {
      closing = true
      clearInterval(timer)
      await last
      const closed = root.consumers.map((consumer) => consumer.close(settings.closeMs))
      await Promise.all([...closed, ...[...others.values()].map((vhost) => vhost.close())])
    },
  }
}
