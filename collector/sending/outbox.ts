import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { OutgoingMessage, Publisher } from '@warren/broker/publisher'
import { exchanges, type Stream } from '@warren/contracts/topology'
import type { Log } from '@warren/platform/log'
import { lockFolder } from '@warren/spool/lock-folder'
import { openSpool } from '@warren/spool/spool'
import type { Registry } from 'prom-client'
import type { Outgoing } from './forwarder.ts'
import { createLane, type Lane, type LaneOptions } from './lane.ts'
import { createOutboxTelemetry } from './telemetry.ts'

export interface OutboxOptions {
  /** Of this outbox alone, which is made sure; made when it is not there. */
  readonly folder: string
  /** On disk, of each stream. */
  readonly maxBytes: number
  /** Closed by the caller, before the outbox. */
  readonly publisher: Publisher
  readonly log: Log
  readonly registry: Registry
}

/** Messages on their way to the broker, through a bounded spool on disk when it does not take them. */
export interface Outbox {
  /** For one input, whose name is a metric label. What it publishes is the broker's or on disk when that resolves; `spool_full` (retry) has `retryAfterMs`. */
  from(input: string): Outgoing
  /** How much of what waits on disk and why, for the health of the collector. */
  readonly reservation: string | undefined
  /** Leaves on disk what was not sent. */
  close(): Promise<void>
}

const streams = ['metrics', 'logs'] as const satisfies readonly Stream[]

type LanesOptions = OutboxOptions & Pick<LaneOptions, 'dropped'>

/** A lane for each stream: the full queue of one shall not hold up the other. */
async function openLanes({ folder, maxBytes, publisher, log, dropped }: LanesOptions) {
  const lanes = new Map<Stream, Lane>()
  for (const stream of streams) {
    const dir = join(folder, stream)
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const spool = await openSpool({ dir, maxBytes, whenFull: 'refuse' })
    lanes.set(stream, createLane({ stream, spool, publisher, log, dropped }))
  }
  return lanes
}

/** Throws only for its own folder (`folder_taken` when another process has it). What an earlier process left there is sent. */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { folder, registry } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(folder)
  const telemetry = createOutboxTelemetry(registry)
  const dropped = () => telemetry.message('spool', 'dropped')
  const lanes = await openLanes({ ...options, dropped }).catch(async (error: unknown) => {
    await lock.close()
    throw error
  })
  telemetry.bytes(() => new Map([...lanes].map(([stream, lane]) => [stream, lane.bytes])))

  const laneOf = ({ exchange }: OutgoingMessage): Lane => {
    const stream = streams.find((one) => exchanges[one] === exchange)
    const lane = stream === undefined ? undefined : lanes.get(stream)
    if (lane === undefined) throw new Error(`BUG: the outbox has no lane for ${exchange}`)
    return lane
  }
  return {
    from: (input) => ({
      publish: async (message) => {
        try {
          telemetry.message(input, await laneOf(message).publish(message))
        } catch (error) {
          telemetry.message(input, 'refused')
          throw error
        }
      },
    }),
    get reservation() {
      const waiting = [...lanes].filter(([, { bytes }]) => bytes > 0)
      if (waiting.length === 0) return undefined
      return waiting
        .map(
          ([stream, { bytes, trouble }]) => `${bytes} bytes of ${stream} wait on disk: ${trouble}`,
        )
        .join('; ')
    },
    close: async () => {
      try {
        await Promise.all([...lanes.values()].map((lane) => lane.close()))
      } finally {
        await lock.close()
      }
    },
  }
}
