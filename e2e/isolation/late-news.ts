import { openBroker } from '@warren/broker/open'
import { createLog } from '@warren/platform/log'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import type { TapBroker } from '../../api/taps/tap-broker.ts'
import { createAnnouncer } from '../../poller/late/announcer.ts'
import { endMs, startMs } from './times.ts'

/** The broker of one world, by which its gateway hears of points that came late: without it, it keeps no buckets. */
export interface LateNews {
  readonly tapBroker: TapBroker
  /** As the poller does; resolves once the gateway's queue has it. */
  announce(tenant: string): Promise<void>
  close(): Promise<void>
}

/** All of yesterday, and of it what questions are about the most. */
const spans = [
  { measurement: 'cpu', oldestMs: startMs, newestMs: endMs },
  { oldestMs: startMs, newestMs: startMs + 1000 },
]

export async function openLateNews(): Promise<LateNews> {
  const server = await startRabbitmq({ queues: false })
  const log = createLog({ service: 'isolation', level: 'error', pretty: false })
  const broker = openBroker({ url: server.url, name: 'isolation', log })
  const announcer = createAnnouncer(broker)
  return {
    tapBroker: { broker, url: server.url, users: undefined },
    announce: (tenant) => announcer.announce(tenant, spans),
    close: async () => {
      await announcer.close()
      await broker.close()
      await server.close()
    },
  }
}
