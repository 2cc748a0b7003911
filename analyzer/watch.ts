import type { Broker } from '@warren/broker/open'
import { exchanges, type QueueSpec } from '@warren/contracts/topology'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { RunningService } from '@warren/platform/service'
import { createAnnouncer } from './announce.ts'
import { hostOf } from './host-of.ts'
import type { AnalyzerSettings } from './settings.ts'
import { type Change, createSilence } from './silence.ts'

export interface AnalyzerOptions {
  /** Opened and closed by the caller; may consume and publish. */
  readonly broker: Broker
  readonly settings: AnalyzerSettings
  readonly log: Log
}

/** Drops the oldest rather than refuse: what it watches must not wait for the watcher. */
export const analyzerQueue = ({ queueBytes }: AnalyzerSettings): QueueSpec => ({
  name: 'analyzer.metrics.0',
  durable: true,
  autoDelete: false,
  exclusive: false,
  arguments: {
    'x-queue-type': 'classic',
    'x-max-length-bytes': queueBytes,
    'x-overflow': 'drop-head',
  },
  bindings: [{ exchange: exchanges.metrics, key: '#' }],
})

const prefetch = 500

/** Milliseconds of a clock that nobody sets: a step of the system's would make every host silent, or none for as long. */
const uptimeMs = (): number => Math.round(performance.now())

/** With times of day, as events have them. */
function dated(change: Change): Change {
  const offsetMs = Date.now() - uptimeMs()
  return { ...change, lastSeenMs: change.lastSeenMs + offsetMs, atMs: change.atMs + offsetMs }
}

/** Notices hosts that fall silent and hosts that return, and publishes an event for each. Remembers only since its start: a host that was silent before then is unknown. */
export function startAnalyzer({ broker, settings, log }: AnalyzerOptions): RunningService {
  const health = createHealthCell('analyzer')
  const silence = createSilence(settings)
  const announcer = createAnnouncer({ publisher: broker.publisher(), health, log })
  const consumer = broker.consume({
    queue: analyzerQueue(settings),
    prefetch,
    handle: async (delivery) => {
      const host = hostOf(delivery)
      const change = host === undefined ? undefined : silence.heard(host, uptimeMs())
      if (change !== undefined) announcer.announce([dated(change)])
      return { type: 'ack' }
    },
  })
  const ended = Promise.withResolvers<void>()

  const check = (): void => {
    // While nothing can arrive, no host is to blame; afterwards each has its full time again.
    if (consumer.health().state !== 'green') silence.pardon(uptimeMs())
    announcer.announce(silence.check(uptimeMs()).map(dated))
  }
  const timer = setInterval(check, settings.checkEveryMs)
  health.set('green')

  const close = async (): Promise<void> => {
    clearInterval(timer)
    await consumer.close()
    await announcer.close()
    ended.resolve()
  }
  let closed: Promise<void> | undefined
  return {
    ended: ended.promise,
    health: () => [health.read()],
    close: () => {
      closed ??= close()
      return closed
    },
  }
}
