import type { Broker } from '@warren/broker/open'
import type { Publisher } from '@warren/broker/publisher'
import type { Health } from '@warren/contracts/http/status'
import { type Stream, warrenExchanges } from '@warren/contracts/topology'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell, type HealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { RunningService } from '@warren/platform/service'
import type { Catalog } from '@warren/stores/catalog/catalog'
import type { LogStore } from '@warren/stores/logs/log-store'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import type { LineBatch } from '@warren/stores/write-outcome'
import type { Registry } from 'prom-client'
import type { Chunk } from './chunk.ts'
import { consumeVhosts } from './cloudify/consume-vhosts.ts'
import type { PollerSettings } from './config.ts'
import { type ConsumedStream, consumeStream, type StreamOptions } from './consume-stream.ts'
import { keepDeadLetters } from './dead-letters/keep.ts'
import { createParker } from './dead-letters/park.ts'
import { isFull } from './dead-letters/put-together.ts'
import { openWaitingLetters } from './dead-letters/waiting-letters.ts'
import { createKnownTenants } from './known-tenants.ts'
import { createAnnouncer } from './late/announcer.ts'
import { announcingStore } from './late/announcing-store.ts'
import { logsKind } from './logs/kind.ts'
import { metricsKind } from './metrics/kind.ts'
import { type Normalising, openNormalising } from './normalising.ts'
import { keepStorage } from './retention/keep-storage.ts'
import { createTelemetry } from './telemetry.ts'

export interface PollerOptions {
  /** Stays open when the poller closes. */
  readonly broker: Broker
  /** Another vhost of the same broker, for a tenant's own Cloudify senders; closed by the poller. Absent: only those in `/` are heard. */
  readonly openVhost?: ((vhost: string) => Broker) | undefined
  readonly metricStore: Pick<MetricStore, 'write' | 'check' | 'retain' | 'rollUp' | 'disk'>
  readonly logStore: Pick<LogStore, 'write' | 'check' | 'retain' | 'indexWords' | 'disk'>
  readonly catalog: {
    readonly tenants: Pick<Catalog['tenants'], 'has' | 'list'>
    readonly retention: Pick<Catalog['retention'], 'of'>
    readonly deadLetters: Pick<Catalog['deadLetters'], 'put' | 'hasRoom'>
    readonly cloudifyDeployments: Pick<Catalog['cloudifyDeployments'], 'has' | 'tenants'>
    readonly metricMetadata: Pick<Catalog['metricMetadata'], 'put' | 'replace'>
    readonly seenSeries: Catalog['seenSeries']
  }
  readonly settings: PollerSettings
  /** Where `rules.yaml` is looked for unless the settings name a file; absent: nowhere. */
  readonly dataDir?: string | undefined
  readonly log: Log
  readonly registry: Registry
}

/** How often a store is asked whether it is there, so that its health is known without traffic. */
const checkMs = 10_000

type Watched = Pick<ConsumedStream<Chunk>, 'health' | 'writer'>

function watchStores(streams: readonly Watched[]): () => void {
  const check = () => void Promise.all(streams.map(({ writer }) => writer.check()))
  check()
  const timer = setInterval(check, checkMs)
  return () => clearInterval(timer)
}

/** Green until the first failure: nothing is known to be wrong. */
function createGreenCell(part: string): HealthCell {
  const cell = createHealthCell(part)
  cell.set('green')
  return cell
}

/** The catalog as the poller uses it, its state noted at each use. */
function watched(
  {
    tenants,
    retention,
    deadLetters,
    cloudifyDeployments,
    metricMetadata,
    seenSeries,
  }: PollerOptions['catalog'],
  health: HealthCell,
): PollerOptions['catalog'] {
  const note = async <Result>(asked: Promise<Result>): Promise<Result> => {
    try {
      const result = await asked
      health.set('green')
      return result
    } catch (error) {
      // A tenant that is full says nothing of the catalog.
      if (isFull(error)) health.set('green')
      else health.set('red', reasonOf(error))
      throw error
    }
  }
  return {
    tenants: { has: (name) => note(tenants.has(name)), list: () => note(tenants.list()) },
    retention: { of: (tenant) => note(retention.of(tenant)) },
    deadLetters: {
      put: (letters) => note(deadLetters.put(letters)),
      hasRoom: (tenant) => note(deadLetters.hasRoom(tenant)),
    },
    cloudifyDeployments: {
      has: (tenant, deployment) => note(cloudifyDeployments.has(tenant, deployment)),
      tenants: () => note(cloudifyDeployments.tenants()),
    },
    metricMetadata: {
      put: (...given) => note(metricMetadata.put(...given)),
      replace: (...given) => note(metricMetadata.replace(...given)),
    },
    seenSeries: {
      append: (...given) => note(seenSeries.append(...given)),
      read: (...given) => note(seenSeries.read(...given)),
      forget: (day) => note(seenSeries.forget(day)),
    },
  }
}

type Shared = Pick<
  StreamOptions<Chunk, LineBatch>,
  'broker' | 'settings' | 'isKnownTenant' | 'tenants' | 'signal' | 'onFatal' | 'isHeldBack'
> & {
  readonly publisher: Publisher
  readonly moving: Publisher
  readonly parking: HealthCell
  readonly normalising: Normalising
}

function consumeStreams(
  { metricStore, logStore, registry }: PollerOptions,
  { publisher, moving, parking, normalising, ...shared }: Shared,
) {
  const telemetryOf = createTelemetry(registry)
  const forStream = (stream: Stream) => {
    const telemetry = telemetryOf(stream)
    const onParked = telemetry.parked
    const rules = normalising.book
    const parker = createParker({ stream, publisher, onParked, health: parking, rules })
    return { ...shared, rules, publisher: moving, telemetry, parker }
  }
  const ofMetrics = forStream('metrics')
  const { rounded } = ofMetrics.telemetry
  return {
    metrics: consumeStream({
      ...{ ...ofMetrics, ...normalising.ofMetrics },
      kind: metricsKind(metricStore, rounded),
    }),
    logs: consumeStream({ ...forStream('logs'), kind: logsKind(logStore) }),
  }
}

/** As many may move at once as are unacknowledged. */
const movingPublisher = (broker: Broker): Publisher =>
  broker.publisher({ maxWaiting: Number.POSITIVE_INFINITY })

function createEnding({ log }: Pick<PollerOptions, 'log'>) {
  const ended = Promise.withResolvers<void>()
  // Nobody need listen; a rejection without a listener would end the process.
  ended.promise.catch(() => undefined)
  const onFatal = (error: unknown) => {
    log.error('the poller cannot go on', { error: reasonOf(error) })
    ended.reject(error)
  }
  return { ended, onFatal }
}

const whoIsKnown = (broker: Broker, { tenants, deadLetters }: PollerOptions['catalog']) => ({
  ...{ broker, deadLetters, isKnownTenant: createKnownTenants(tenants) },
  tenants: () => tenants.list(),
})

/** Consumes the storage queues into the stores, and the dead letters into the catalog. Resolves at once; a broker or store that is away is waited for and shown in `health`. */
export function startPoller(given: PollerOptions): RunningService {
  const { broker, catalog, settings } = given
  const announcer = createAnnouncer(broker)
  const options = { ...given, metricStore: announcingStore(given.metricStore, announcer) }
  const catalogHealth = createGreenCell('poller/catalog')
  const ofCatalog = watched(catalog, catalogHealth)
  const normalising = openNormalising(options, ofCatalog)
  const closing = new AbortController()
  const { ended, onFatal } = createEnding(options)
  broker.declare(warrenExchanges, [])
  const publisher = broker.publisher()
  const moving = movingPublisher(broker)
  const parking = createGreenCell('poller/dead letters')
  const known = whoIsKnown(broker, ofCatalog)
  const waiting = openWaitingLetters({ ...known, publisher: moving })
  const deadLetters = keepDeadLetters(broker, waiting, normalising.book)
  const ofLife = { signal: closing.signal, onFatal, isHeldBack: waiting.isHeldBack }
  const shared = { ...known, ...ofLife, settings, normalising }
  const { metrics, logs } = consumeStreams(options, { ...shared, publisher, moving, parking })
  const stopWatching = watchStores([metrics, logs])
  const storage = keepStorage({ ...options, catalog: ofCatalog, publisher })
  const cloudify = settings.cloudify.enabled
    ? consumeVhosts({
        ...{ ...known, openVhost: options.openVhost, settings, metrics, logs },
        deployments: ofCatalog.cloudifyDeployments,
      })
    : undefined
  const consumers = [metrics, logs, deadLetters, waiting]

  const close = async () => {
    stopWatching()
    const closed = consumers.map((consumer) => consumer.close(settings.closeMs))
    await Promise.all([...closed, cloudify?.close(), storage.close()])
    await normalising.close()
    closing.abort(new Error('the poller closes'))
    await Promise.all([publisher.close(), moving.close(), announcer.close()])
    ended.resolve()
  }
  let closed: Promise<void> | undefined
  return {
    ended: ended.promise,
    health: () => [
      ...partsOf(broker, [metrics, logs], deadLetters.health()),
      ...(cloudify?.health() ?? []).map(ofPoller),
      ...storage.health(),
      parking.read(),
      ...waiting.health().map(ofPoller),
      ...normalising.health(),
      catalogHealth.read(),
    ],
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

const ofPoller = (health: Health): Health => ({ ...health, part: `poller/${health.part}` })

function partsOf(
  broker: Broker,
  streams: readonly Watched[],
  deadLetters: Health,
): readonly Health[] {
  return [
    ...broker.connectionHealth().map(ofPoller),
    ...streams.flatMap(({ writer, health }) => [writer.health(), ...health().map(ofPoller)]),
    ofPoller(deadLetters),
  ]
}
