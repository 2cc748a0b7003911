import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { OutgoingMessage } from '@warren/broker/publisher'
import { exchanges, type Stream } from '@warren/contracts/topology'
import { lockFolder } from '@warren/spool/lock-folder'
import type { Registry } from 'prom-client'
import type { Outgoing } from './forwarder.ts'
import { openStreamLanes, type StreamLanes, type StreamLanesOptions } from './stream-lanes.ts'
import { createOutboxTelemetry } from './telemetry.ts'

export interface OutboxOptions
  extends Pick<StreamLanesOptions, 'maxBytes' | 'openPublisher' | 'log'> {
  /** Of this outbox alone, which is made sure; made when it is not there. */
  readonly folder: string
  readonly registry: Registry
}

/** Messages on their way to the broker, through a bounded spool on disk when it does not take them. */
export interface Outbox {
  /** For one input, whose name is a metric label. What it publishes is the broker's or on disk when that resolves; `spool_full` (retry) has `retryAfterMs`. */
  from(input: string): Outgoing
  /** How much of what waits on disk and why, for the health of the collector. */
  readonly reservation: string | undefined
  /** Waits for what is on its way; leaves on disk what was not sent. */
  close(): Promise<void>
}

const streams = ['metrics', 'logs'] as const satisfies readonly Stream[]

type AllLanesOptions = OutboxOptions & Pick<StreamLanesOptions, 'dropped' | 'setAside'>

/** Lanes of each stream: the full queue of one shall not hold up the other. */
async function openAllLanes({ folder, ...options }: AllLanesOptions) {
  const lanes = new Map<Stream, StreamLanes>()
  for (const stream of streams)
    lanes.set(stream, await openStreamLanes({ ...options, stream, folder: join(folder, stream) }))
  return lanes
}

/** Throws only for its own folder (`folder_taken` when another process has it). What an earlier process left there is sent. */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { folder, registry } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(folder)
  const telemetry = createOutboxTelemetry(registry)
  const dropped = () => telemetry.message('spool', 'dropped')
  const setAside = () => telemetry.message('spool', 'set_aside')
  const lanes = await openAllLanes({ ...options, dropped, setAside }).catch(
    async (error: unknown) => {
      await lock.close()
      throw error
    },
  )
  telemetry.bytes(() => new Map([...lanes].map(([stream, { bytes }]) => [stream, bytes])))

  const lanesOf = ({ exchange }: OutgoingMessage): StreamLanes => {
    const stream = streams.find((one) => exchanges[one] === exchange)
    const found = stream === undefined ? undefined : lanes.get(stream)
    if (found === undefined) throw new Error(`BUG: the outbox has no lane for ${exchange}`)
    return found
  }
  return {
    from: (input) => ({
      publish: async (message) => {
        try {
          telemetry.message(input, await lanesOf(message).publish(message))
        } catch (error) {
          telemetry.message(input, 'refused')
          throw error
        }
      },
    }),
    get reservation() {
      const all = [...lanes.values()].flatMap(({ reservations }) => reservations)
      return all.length === 0 ? undefined : all.join('; ')
    },
    close: async () => {
      try {
        await Promise.all([...lanes.values()].map((one) => one.close()))
      } finally {
        await lock.close()
      }
    },
  }
}
