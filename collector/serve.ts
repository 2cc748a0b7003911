import type { RequestListener } from 'node:http'
import type { Broker } from '@warren/broker/open'
import { withDeadline } from '@warren/platform/deadline'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { RunningService } from '@warren/platform/service'
import type { Registry } from 'prom-client'
import type { Authenticate } from './credentials.ts'
import { startListeners } from './listening/start-listeners.ts'
import { limitPending } from './pending.ts'
import { createCollectorRoutes } from './routes.ts'
import type { CollectorSettings } from './settings.ts'

export interface CollectorOptions {
  /** Opened and closed by the caller. */
  readonly broker: Broker
  readonly authenticate: Authenticate
  readonly settings: CollectorSettings
  readonly log: Log
  /** Of the counters. */
  readonly registry: Registry
}

export interface Collector extends RunningService {
  /** Answers `/write`, `/api/v2/write` and `/ping`; the caller listens, or mounts it under `/collect` with that prefix taken off the URL. */
  readonly handler: RequestListener
  /** Of the listeners that are open now, by their names. */
  ports(): ReadonlyMap<string, number>
}

/** A client waits for its answer no longer than this and a confirm. */
const waitMs = 5_000
const drainMs = 10_000

/** Takes line protocol over HTTP, and answers once the broker has confirmed it; opens the listeners that are configured, which hold what is not confirmed in memory. */
export function startCollector({
  broker,
  authenticate,
  settings,
  log,
  registry,
}: CollectorOptions): Collector {
  const publisher = broker.publisher({ waitMs, maxInFlightBytes: settings.maxPendingBytes })
  const listeners = startListeners({
    entries: settings.listeners,
    outgoing: publisher,
    ...{ log, registry },
  })
  const health = createHealthCell('collector')
  health.set('green')
  const ended = Promise.withResolvers<void>()
  let closed: Promise<void> | undefined
  const { listener, idle } = limitPending(
    createCollectorRoutes({ publisher, authenticate, settings, log }),
    { ...settings, isClosing: () => closed !== undefined },
  )
  const close = async (): Promise<void> => {
    // A client that went silent is not waited for: it has no answer and sends again.
    const answered = withDeadline(idle(), { ms: drainMs, what: 'answering requests' })
    await Promise.all([listeners.close(), answered.catch(() => undefined)])
    await publisher.close()
    ended.resolve()
  }
  return {
    handler: listener,
    ended: ended.promise,
    ports: listeners.ports,
    health: () => [health.read(), ...listeners.health()],
    close: () => {
      closed ??= close()
      return closed
    },
  }
}
