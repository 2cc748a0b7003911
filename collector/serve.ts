import type { RequestListener } from 'node:http'
import type { Broker } from '@warren/broker/open'
import { withDeadline } from '@warren/platform/deadline'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { RunningService } from '@warren/platform/service'
import type { Registry } from 'prom-client'
import type { Authenticate } from './credentials.ts'
import { createIngestLimits } from './limits/ingest-limits.ts'
import { createLimitsTelemetry } from './limits/telemetry.ts'
import { startListeners } from './listening/start-listeners.ts'
import { limitPending } from './pending.ts'
import { createCollectorRoutes } from './routes.ts'
import { openOutbox } from './sending/outbox.ts'
import type { CollectorSettings } from './settings.ts'

export interface CollectorOptions {
  /** Opened and closed by the caller. */
  readonly broker: Broker
  readonly authenticate: Authenticate
  readonly settings: CollectorSettings
  /** Holds what the broker does not take; of this collector alone, made when it is not there. */
  readonly spoolFolder: string
  readonly log: Log
  /** Of the counters. */
  readonly registry: Registry
}

export interface Collector extends RunningService {
  /** Answers the paths of every input (inputs/); the caller listens, or mounts it under `/collect` with that prefix taken off the URL. */
  readonly handler: RequestListener
  /** Of the listeners that are open now, by their names. */
  ports(): ReadonlyMap<string, number>
}

/** Past these a message goes to disk: without a connection or room, and without a confirm. A client waits no longer for its answer than both. */
const waitMs = 2_000
const confirmMs = 10_000
const drainMs = 10_000

/** Takes what the inputs read over HTTP, and answers once the broker has confirmed it or it is on disk; opens the listeners that are configured. Throws only for its own folder. */
export async function startCollector({
  broker,
  authenticate,
  settings,
  spoolFolder,
  log,
  registry,
}: CollectorOptions): Promise<Collector> {
  const { maxPendingBytes, spoolBytes } = settings
  const outbox = await openOutbox({
    ...{ folder: spoolFolder, maxBytes: spoolBytes, log, registry },
    openPublisher: () => broker.publisher({ waitMs, confirmMs, maxInFlightBytes: maxPendingBytes }),
  })
  const limits = createIngestLimits({
    settings: settings.limits,
    count: createLimitsTelemetry(registry),
  })
  const listeners = startListeners({
    entries: settings.listeners,
    outgoing: outbox.from('listeners'),
    ...{ limits, log, registry },
  })
  const health = createHealthCell('collector')
  const ended = Promise.withResolvers<void>()
  let closed: Promise<void> | undefined
  const pending = limitPending({ ...settings, isClosing: () => closed !== undefined })
  const { claim, idle } = pending
  const routes = createCollectorRoutes({
    ...{ outgoing: outbox.from, authenticate, claim, limits, settings, log, registry },
  })
  const close = async (): Promise<void> => {
    // A client that went silent is not waited for: it has no answer and sends again.
    const answered = withDeadline(idle(), { ms: drainMs, what: 'answering requests' })
    await Promise.all([listeners.close(), answered.catch(() => undefined)])
    await outbox.close()
    ended.resolve()
  }
  return {
    handler: pending.listen(routes),
    ended: ended.promise,
    ports: listeners.ports,
    health: () => {
      const { reservation } = outbox
      health.set(reservation === undefined ? 'green' : 'yellow', reservation)
      return [health.read(), ...listeners.health()]
    },
    close: () => {
      closed ??= close()
      return closed
    },
  }
}
