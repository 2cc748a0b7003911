import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { OutgoingMessage } from '@warren/broker/publisher'
import { silentLog } from '@warren/platform/log.testing'
import { Registry } from 'prom-client'
import { expect, onTestFinished } from 'vitest'
import { createIngestLimits, type IngestLimits } from '../limits/ingest-limits.ts'
import { limitsSchema } from '../limits/settings.ts'
import { listenersSchema } from './entry.ts'
import { type Listeners, startListeners } from './start-listeners.ts'

export const log = silentLog()

/** Of `expect.poll`. */
export const patience = { timeout: 30_000, interval: 20 }
export const host = '127.0.0.1'
export const testLimits = (settings: object = {}): IngestLimits =>
  createIngestLimits({ settings: limitsSchema.parse(settings), count: () => undefined })

/** One listener of a test, and what it has sent on. */
export interface Opened {
  readonly listeners: Listeners
  readonly port: number
  readonly bodies: readonly OutgoingMessage[]
  text(): string
  /** Sum over the counter's reasons, or of one. */
  lost(reason?: string): Promise<number>
}

export interface Opening {
  readonly settings?: object
  /** Before a message counts as sent. */
  readonly publish?: () => Promise<void>
  readonly limits?: object
}

/** On a free port; both transports unless the settings say otherwise. Closed with the test. */
export async function openTestListener(
  type: string,
  { settings = {}, publish, limits }: Opening = {},
): Promise<Opened> {
  const bodies: OutgoingMessage[] = []
  const registry = new Registry()
  const listeners = startListeners({
    entries: listenersSchema.parse([{ type, port: 0, transports: ['udp', 'tcp'], ...settings }]),
    outgoing: {
      publish: async (message) => {
        await publish?.()
        bodies.push(message)
      },
    },
    ...{ limits: testLimits(limits), log, registry },
  })
  onTestFinished(() => listeners.close())
  const port = () => [...listeners.ports().values()][0]
  await expect.poll(port, patience).toBeDefined()
  return {
    ...{ listeners, bodies, port: port() ?? 0 },
    text: () => bodies.map(({ body }) => Buffer.from(body).toString()).join(''),
    lost: async (reason) => {
      const metric = registry.getSingleMetric('warren_collector_listener_lost_total')
      const { values = [] } = (await metric?.get()) ?? {}
      const of = values.filter(({ labels }) => reason === undefined || labels['reason'] === reason)
      return of.reduce((sum, { value }) => sum + value, 0)
    },
  }
}

/** A connection that is cut with the test. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect(port, host)
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

export const write = (socket: Socket, bytes: string | Buffer): Promise<void> =>
  new Promise((resolve) => socket.write(bytes, () => resolve()))
