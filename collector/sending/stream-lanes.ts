import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { OutgoingMessage, Publisher } from '@warren/broker/publisher'
import type { Stream } from '@warren/contracts/topology'
import type { Log } from '@warren/platform/log'
import { openSpool } from '@warren/spool/spool'
import { createLane } from './lane.ts'
import { openSidings } from './sidings.ts'

export interface StreamLanesOptions {
  readonly stream: Stream
  /** Made when it is not there. */
  readonly folder: string
  /** On disk, of all lanes of the stream. */
  readonly maxBytes: number
  /** One for each lane: what the broker refuses closes the channel for all that is on it. */
  readonly openPublisher: () => Publisher
  readonly log: Log
  /** A message on disk that the broker will never take. */
  readonly dropped: () => void
  /** A tenant's messages were set aside. */
  readonly setAside: () => void
}

/** One lane for everybody, and sidings for tenants whose messages would hold it up. */
export interface StreamLanes {
  publish(message: OutgoingMessage): Promise<'published' | 'spooled'>
  /** On disk; `aside` of them in sidings. */
  readonly bytes: { readonly all: number; readonly aside: number }
  readonly reservations: readonly string[]
  close(): Promise<void>
}

const retry = { firstMs: 200, maxMs: 5_000 }
/** What one tenant that is set aside may fill: the rest is for an outage, which meets the others. */
const maxShareAside = 0.5

export async function openStreamLanes(options: StreamLanesOptions): Promise<StreamLanes> {
  const { stream, folder, maxBytes, openPublisher } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const spool = await openSpool({
    dir: folder,
    maxBytes: () => maxBytes - sidings.bytes,
    whenFull: 'refuse',
  })
  const sidings = await openSidings({
    ...options,
    folder: join(folder, 'aside'),
    maxBytes: (others) => Math.min(maxBytes * maxShareAside, maxBytes - spool.bytes - others),
    opened: options.setAside,
  })
  const publisher = openPublisher()
  const lane = createLane({ ...options, what: { stream }, spool, publisher, retry, sidings })
  return {
    publish: (message) => (sidings.of(message.key) ?? lane).publish(message),
    get bytes() {
      const aside = sidings.bytes
      return { all: lane.bytes + aside, aside }
    },
    get reservations() {
      const { bytes, trouble } = lane
      if (trouble === undefined) return sidings.reservations
      const own =
        bytes === 0
          ? `${stream} are refused: ${trouble}`
          : `${bytes} bytes of ${stream} wait on disk: ${trouble}`
      return [own, ...sidings.reservations]
    },
    close: async () => {
      await lane.close()
      await sidings.close()
    },
  }
}
