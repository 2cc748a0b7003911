import type { RequestListener } from 'node:http'
import type { Broker } from '@warren/broker/open'
import { withDeadline } from '@warren/platform/deadline'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { RunningService } from '@warren/platform/service'
import type { Authenticate } from './credentials.ts'
import { limitPending } from './pending.ts'
import { createCollectorRoutes } from './routes.ts'
import type { CollectorSettings } from './settings.ts'

export interface CollectorOptions {
  /** Opened and closed by the caller. */
  readonly broker: Broker
  readonly authenticate: Authenticate
  readonly settings: CollectorSettings
  readonly log: Log
}

export interface Collector extends RunningService {
  /** Answers `/write`, `/api/v2/write` and `/ping`; the caller listens, or mounts it under `/collect` with that prefix taken off the URL. */
  readonly handler: RequestListener
}

/** A client waits for its answer no longer than this and a confirm. */
const waitMs = 5_000
const drainMs = 10_000

/** Takes line protocol over HTTP and answers once the broker has confirmed it. Holds nothing between requests. */
export function startCollector({
  broker,
  authenticate,
  settings,
  log,
}: CollectorOptions): Collector {
  const publisher = broker.publisher({ waitMs, maxInFlightBytes: settings.maxPendingBytes })
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
    await withDeadline(idle(), { ms: drainMs, what: 'answering requests' }).catch(() => undefined)
    await publisher.close()
    ended.resolve()
  }
  return {
    handler: listener,
    ended: ended.promise,
    health: () => [health.read()],
    close: () => {
      closed ??= close()
      return closed
    },
  }
}
