import { toRoutingKey } from '@warren/contracts/routing-key'
import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import { createFrom } from '@warren/platform/plugin'
import type { IngestLimits } from '../limits/ingest-limits.ts'
import * as registry from '../listeners/index.ts'
import type { Listener, ListenerContext, LossReason } from '../listeners/listener.ts'
import { createForwarder, type Forwarder, type Outgoing } from '../sending/forwarder.ts'
import type { ListenerEntry } from './entry.ts'
import { type Inlet, meteredAdd } from './inlet.ts'
import { createLosses, type Losses } from './losses.ts'
import { openSockets, type Sockets } from './open-sockets.ts'
import type { ListenerTelemetry } from './telemetry.ts'

export interface ListenerOptions {
  readonly entry: ListenerEntry
  /** As logs, metrics and health call it. */
  readonly name: string
  readonly outgoing: Outgoing
  readonly limits: IngestLimits
  readonly telemetry: ListenerTelemetry
  readonly log: Log
}

export interface OpenListener {
  /** That is listened on. */
  readonly port: number
  /** What is not as it should be; undefined when all is well. */
  reservation(): string | undefined
  /** Takes what has come, sends what is kept within `deadlineMs`, lets go of the port. */
  close(deadlineMs: number): Promise<void>
}

const tickMs = 200
const kernelEveryMs = 5_000
const sending = {
  /** Three bytes each at most: below the 4 MiB that a message may have. */
  messageUnits: 1024 ** 2,
  /** Of lines that the broker has not confirmed: above it TCP senders wait and datagrams are dropped. */
  maxPendingUnits: 16 * 1024 ** 2,
  waitMs: 100,
}

interface Parts {
  readonly listener: Listener
  readonly forwarder: Forwarder
  readonly sockets: Sockets
  readonly losses: Losses
  readonly lost: (reason: LossReason, count: number) => void
  readonly telemetry: ListenerTelemetry
  /** Messages since the last call. */
  readonly takeCount: () => number
}

const tellBrokenEveryMs = 60_000

/** Says that a reader failed, once a minute: whoever found out how may send a thousand a second. */
function toldNowAndThen(log: Log, name: string) {
  let toldMs = Number.NEGATIVE_INFINITY
  return (error: unknown): void => {
    const nowMs = performance.now()
    if (nowMs - toldMs < tellBrokenEveryMs) return
    toldMs = nowMs
    log.error(`BUG: ${name} failed over a message`, { reason: reasonOf(error) })
  }
}

/** The listener and what it says of itself before its sockets are open. */
async function openParts(options: ListenerOptions) {
  const { entry, name, outgoing, limits, telemetry, log } = options
  const losses = createLosses({ log, listener: name, count: telemetry.lost })
  const { add: lost } = losses
  let sockets: Sockets | undefined
  let messages = 0
  const inletOf = (tenant: string): Inlet => {
    const key = toRoutingKey(tenant, entry.deployment, undefined)
    const limit = limits.of(tenant)
    const add = (line: string): void => forwarder.add(key, line)
    return { limit, sink: { add: limit === undefined ? add : meteredAdd(limit, add) } }
  }
  const inlet = inletOf(entry.tenant)
  const context: ListenerContext = { sink: inlet.sink, lost }
  const listener = createFrom<Listener, ListenerContext>(registry, entry, context)
  const forwarder = createForwarder({
    ...sending,
    ...{ outgoing, stream: listener.stream, log, sent: telemetry.sent, lost },
    onRoom: () => sockets?.tcp?.resume(),
  })
  sockets = await openSockets({
    ...{ entry, listener, inlet, inletOf, lost },
    isFull: () => forwarder.isFull,
    taken: () => {
      messages += 1
    },
    broke: toldNowAndThen(log, name),
  })
  const takeCount = (): number => {
    const taken = messages
    messages = 0
    return taken
  }
  return { listener, forwarder, sockets, losses, lost, telemetry, takeCount } satisfies Parts
}

/** Adds what the kernel has dropped since the last look. */
function createKernelWatch({ sockets: { udp }, lost }: Parts) {
  let known = 0
  return async (): Promise<void> => {
    const drops = await udp?.kernelDrops()
    if (drops === undefined || drops <= known) return
    lost('kernel', drops - known)
    known = drops
  }
}

/** Says what was taken and lost since the last report. */
function createReport(parts: Parts) {
  const { losses, sockets, telemetry, takeCount } = parts
  const lookAtKernel = createKernelWatch(parts)
  let kernelDueMs = 0
  const count = (): void => {
    telemetry.messages(takeCount())
    telemetry.connections(sockets.tcp?.connections ?? 0)
  }
  return {
    now: async (nowMs: number): Promise<void> => {
      count()
      losses.tick(nowMs)
      if (nowMs < kernelDueMs) return
      kernelDueMs = nowMs + kernelEveryMs
      await lookAtKernel()
    },
    last: async (): Promise<void> => {
      count()
      await lookAtKernel()
      losses.end()
    },
  }
}

function reservationOf({ forwarder, losses }: Parts): string | undefined {
  const { trouble } = forwarder
  if (forwarder.isFull) return `senders wait, datagrams are dropped: ${trouble ?? 'broker is slow'}`
  if (trouble !== undefined) return `what came waits to be sent: ${trouble}`
  const lost = losses.recent(Date.now())
  return lost === undefined ? undefined : `left out lately: ${lost}`
}

/** Opens one listener. Throws a `WarrenError` (`port_taken`, `listen_failed`, `tls_file`) when its sockets cannot be opened. */
export async function openListener(options: ListenerOptions): Promise<OpenListener> {
  const parts = await openParts(options)
  const { sockets, listener, forwarder } = parts
  const report = createReport(parts)
  let reporting: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    const nowMs = Date.now()
    listener.tick?.(nowMs)
    sockets.tcp?.sweep(nowMs)
    reporting = report.now(nowMs)
  }, tickMs)
  return {
    port: sockets.port,
    reservation: () => reservationOf(parts),
    close: async (deadlineMs) => {
      clearInterval(timer)
      await reporting
      await sockets.close()
      listener.end?.(Date.now())
      await forwarder.close(deadlineMs)
      await report.last()
    },
  }
}
