import { setTimeout as sleep } from 'node:timers/promises'
import type { Health } from '@warren/contracts/http/status'
import { backoffMs } from '@warren/platform/backoff'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { Registry } from 'prom-client'
import type { IngestLimits } from '../limits/ingest-limits.ts'
import type { Outgoing } from '../sending/forwarder.ts'
import { type ListenerEntry, nameOf } from './entry.ts'
import { type OpenListener, openListener } from './open-listener.ts'
import { createListenerTelemetry } from './telemetry.ts'

export interface ListenersOptions {
  readonly entries: readonly ListenerEntry[]
  readonly outgoing: Outgoing
  readonly limits: IngestLimits
  readonly log: Log
  readonly registry: Registry
}

export interface Listeners {
  /** One part a listener. */
  health(): readonly Health[]
  /** By the name of each listener that is open now. */
  ports(): ReadonlyMap<string, number>
  /** Takes what has come and sends what is kept. Safe to call twice. */
  close(): Promise<void>
}

interface Running {
  readonly name: string
  health(): Health
  readonly port: number | undefined
  close(): Promise<void>
}

const retry = { firstMs: 1_000, maxMs: 30_000 }
/** For what is kept to be sent when the collector stops. */
const sendMs = 10_000

/** Keeps one listener open: where its port is taken it is tried again, and the others go on. */
function runListener(name: string, open: () => Promise<OpenListener>, log: Log): Running {
  const health = createHealthCell(`collector/${name}`)
  const stopping = new AbortController()
  let listener: OpenListener | undefined

  const run = async (): Promise<void> => {
    for (let attempt = 0; listener === undefined && !stopping.signal.aborted; attempt++)
      try {
        listener = await open()
        log.info(`${name} listens`, { port: listener.port })
      } catch (error) {
        const waitMs = backoffMs(attempt, retry)
        const reason = `${reasonOf(error)}; tried again in ${Math.ceil(waitMs / 1000)} s`
        health.set('red', reason)
        log.error(`${name} does not listen`, { reason })
        await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
  }
  const running = run()
  return {
    name,
    health: () => {
      if (listener !== undefined) {
        const reservation = listener.reservation()
        health.set(reservation === undefined ? 'green' : 'yellow', reservation)
      }
      return health.read()
    },
    get port() {
      return listener?.port
    },
    close: async () => {
      stopping.abort()
      await running
      await listener?.close(sendMs)
    },
  }
}

/** Opens every listener of the configuration. */
export function startListeners(options: ListenersOptions): Listeners {
  const { entries, registry, ...rest } = options
  const telemetryOf = createListenerTelemetry(registry)
  const running = entries.map((entry) => {
    const name = nameOf(entry, entries)
    const telemetry = telemetryOf(name)
    return runListener(name, () => openListener({ entry, name, telemetry, ...rest }), rest.log)
  })
  let closed: Promise<unknown> | undefined
  return {
    health: () => running.map((one) => one.health()),
    ports: () =>
      new Map(running.flatMap(({ name, port }) => (port === undefined ? [] : [[name, port]]))),
    close: async () => {
      closed ??= Promise.all(running.map((one) => one.close()))
      await closed
    },
  }
}
