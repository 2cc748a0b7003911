import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Health } from '@warren/contracts/http/status'
import { answerClientErrors } from '@warren/platform/answer-client-errors'
import { WarrenError } from '@warren/platform/errors'
import type { RunningService } from '@warren/platform/service'
import { type AppOptions, createApp } from './app.ts'
import { countDepth } from './dead-letters/count-depth.ts'
import { startReplays } from './dead-letters/run-replays.ts'
import { createSharedExtents } from './gateway/cache/buckets/shared-extents.ts'
import { countShared } from './gateway/cache/count-shared.ts'
import { hearLateData } from './gateway/cache/late/hear-late-data.ts'
import { createMemoryCounters } from './gateway/limits/counters.ts'
import { watchLimits } from './gateway/limits/live-limits.ts'
import { createSharedCounters } from './gateway/limits/shared-counters.ts'
import { startProbe } from './probe.ts'
import { countInstances } from './redis/count-instances.ts'
import { openRedis, type Redis } from './redis/open-redis.ts'
import { openSharedBytes } from './redis/shared-bytes.ts'
import { keepTaps } from './taps/kept-taps.ts'
import type { TapBroker } from './taps/tap-broker.ts'

/** What an api makes for itself. */
type AppOwn =
  | 'draining'
  | 'logStoreState'
  | 'parts'
  | 'taps'
  | 'replays'
  | 'limits'
  | 'counters'
  | 'lateData'
  | 'shared'

export interface ApiOptions extends Omit<AppOptions, AppOwn> {
  /** The states of the other services; this api adds its own and its stores'. */
  readonly parts: () => readonly Health[]
  /** Absent: there are no taps, no dead letter is sent again, and no answer to a metric query is kept for more than 5 s. */
  readonly tapBroker?: TapBroker | undefined
  /** Equal for apis before the same metric store, and for no others; absent: this is the only one. */
  readonly storeName?: string | undefined
  /** How long a replay waits for an api that says nothing. */
  readonly replayHoldMs?: number | undefined
}

export interface RunningApi extends RunningService {
  /** Without a base path, as `http://127.0.0.1:8080`. */
  readonly url: string
  readonly port: number
}

/** Reading a request is limited, not its answer: live tails last. Headers may have what Go's servers take by default, and so InfluxDB: a panel that asks with GET has all values of a variable in its address. */
const reading = {
  ...{ requestTimeout: 30_000, headersTimeout: 10_000 },
  maxHeaderSize: 1024 * 1024,
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  }).catch((error: NodeJS.ErrnoException) => {
    const taken = error.code === 'EADDRINUSE'
    throw new WarrenError(
      taken ? `port ${port} on ${host} is taken` : `cannot listen: ${error.message}`,
      { code: taken ? 'port_taken' : 'listen_failed', disposition: 'fatal', cause: error },
    )
  })
  return (server.address() as AddressInfo).port
}

/** Lets what runs end, then cuts what is left. */
async function drain(server: Server, drainMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), drainMs)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
  clearTimeout(cut)
}

function startProbes({ catalog, metricStore, logStore }: ApiOptions) {
  const logs = startProbe('api/log store', () => logStore.check())
  const probes = [
    startProbe('api/catalog', () => catalog.check()),
    startProbe('api/metric store', () => metricStore.check()),
    logs,
  ]
  return {
    read: () => probes.map((probe) => probe.read()),
    logStoreState: () => logs.read().state,
    stop: () => {
      for (const probe of probes) probe.stop()
    },
  }
}

function startTaps({ tapBroker, catalog, settings }: ApiOptions) {
  if (tapBroker === undefined) return undefined
  const { maxPerTenant, amqpUrl = tapBroker.url } = settings.taps
  const reached = { ...tapBroker, url: amqpUrl }
  return { ...reached, kept: keepTaps({ ...tapBroker, taps: catalog.taps, maxPerTenant }) }
}

function runReplays({ tapBroker, catalog, log, replayHoldMs }: ApiOptions) {
  if (tapBroker === undefined) return undefined
  const { broker } = tapBroker
  return startReplays({ broker, replays: catalog.deadLetterReplays, log, holdMs: replayHoldMs })
}

/** Buckets that are over, for instances before the same metric store: an embedded one has no other. */
async function shareExtents(redis: Redis, { settings, storeName, metrics }: ApiOptions) {
  if (storeName === undefined || !settings.queries.cache.shared) return undefined
  const onOutcome = countShared(metrics)
  return createSharedExtents(await openSharedBytes({ redis, onOutcome }), storeName)
}

/** How much is asked, by all instances together where they share a Redis, and what they have kept. */
async function startLimits(options: ApiOptions) {
  const { catalog, settings, log } = options
  const limits = watchLimits({ catalog, log })
  if (settings.redisUrl === undefined)
    return { limits, counters: createMemoryCounters(), shared: undefined, stop: limits.stop }
  const redis = await openRedis(settings.redisUrl, log)
  const instances = countInstances(redis)
  return {
    limits,
    counters: createSharedCounters({ redis, instances: instances.count }),
    shared: await shareExtents(redis, options),
    stop: () => {
      limits.stop()
      instances.stop()
      redis.close()
    },
  }
}

const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** Starts the api. It listens at once and starts with every store away; the stores stay the caller's to close. Throws `port_taken` (fatal). */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { settings } = options
  const draining = new AbortController()
  const probes = startProbes(options)
  const taps = startTaps(options)
  const replays = runReplays(options)
  const { limits, counters, shared, stop: stopLimits } = await startLimits(options)
  const lateData = options.tapBroker && hearLateData(options.tapBroker.broker)
  countDepth(options.metrics, options.catalog.deadLetters)
  const since = new Date().toISOString()
  const health = (): readonly Health[] => [
    draining.signal.aborted
      ? { part: 'api', state: 'yellow', reason: 'stopping', since }
      : { part: 'api', state: 'green', reason: null, since },
    ...probes.read(),
    ...(taps === undefined ? [] : [taps.kept.health()]),
    ...(replays === undefined ? [] : [replays.health()]),
  ]
  const app = createApp({
    ...options,
    parts: () => [...health(), ...options.parts()],
    logStoreState: probes.logStoreState,
    draining: draining.signal,
    ...{ taps, replays, limits, counters, lateData, shared },
  })
  const server = createServer(reading, app)
  answerClientErrors(server, reading.maxHeaderSize)
  server.keepAliveTimeout = 65_000
  const port = await listen(server, settings.host, settings.port).catch((error: unknown) => {
    probes.stop()
    stopLimits()
    void taps?.kept.close()
    void replays?.close()
    void lateData?.close()
    throw error
  })
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  server.on('error', reject)
  let closing: Promise<void> | undefined
  return {
    url: `http://${urlHost(settings.host)}:${port}`,
    port,
    ended,
    health,
    close: () => {
      closing ??= (async () => {
        draining.abort()
        await drain(server, settings.drainMs)
        await Promise.all([taps?.kept.close(), replays?.close(), lateData?.close()])
        probes.stop()
        stopLimits()
        resolve()
      })()
      return closing
    },
  }
}
