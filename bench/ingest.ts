import type { Stream } from '@warren/contracts/topology'
import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { drain } from './drain.ts'
import { fill } from './fill.ts'
import { peakRssMb } from './process-cost.ts'
import { startWarren } from './warren-process.ts'
import { type BenchMessage, pointMessages, recordMessages } from './workload.ts'

interface Workload {
  readonly unit: string
  /** Items a second that the embedded store must take. */
  readonly mark: number
  readonly items: number
  readonly stream: Stream
  readonly messages: (count: number, names: number) => Generator<BenchMessage>
}

async function startStores(store: BenchOptions['store']) {
  if (store === 'embedded') return { env: {}, close: async () => undefined }
  const servers = await Promise.all([startInfluxdb(), startElasticsearch()])
  return {
    env: {
      WARREN_METRIC_STORE__TYPE: 'influx1',
      WARREN_METRIC_STORE__URL: servers[0].url,
      WARREN_LOG_STORE__TYPE: 'elasticsearch',
      WARREN_LOG_STORE__URL: servers[1].url,
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

/** External stores have none: they bring machines of their own. Many names may cost half. */
function markOf({ mark }: Workload, { store, names }: BenchOptions): number | undefined {
  if (store === 'external') return undefined
  return names === 1 ? mark : mark / 2
}

async function measure(workload: Workload, options: BenchOptions): Promise<Measured> {
  const items = options.items ?? workload.items
  const mark = markOf(workload, options)
  const rabbitmq = await startRabbitmq({ maxQueueBytes: 8 * 1024 ** 3 })
  const stores = await startStores(options.store)
  try {
    const bytes = await fill(rabbitmq.url, workload.messages(items, options.names))
    const warren = await startWarren({ ...stores.env, WARREN_AMQP_URL: rabbitmq.url })
    try {
      const { seconds, cpu } = await drain(warren, workload.stream, items)
      const value = Math.round(items / seconds)
      return {
        value,
        unit: workload.unit,
        mark: mark === undefined ? 'none' : `>= ${mark}`,
        holds: mark === undefined || value >= mark,
        details: {
          items,
          bytes,
          names: options.names,
          store: options.store,
          seconds,
          cpuSecondsPerMillion: (cpu / items) * 1e6,
          peakRssMb: peakRssMb(warren.pid),
        },
      }
    } finally {
      await warren.close()
    }
  } finally {
    await stores.close()
    await rabbitmq.close()
  }
}

export const ingestMetrics: Bench = {
  about: 'points a second from a full queue into the metric store, through warren up',
  run: (options) =>
    measure(
      {
        unit: 'points/s',
        mark: 150_000,
        items: 3_000_000,
        stream: 'metrics',
        messages: (count, names) => pointMessages({ count, perMessage: 1000, names, tenants: 1 }),
      },
      options,
    ),
}

export const ingestLogs: Bench = {
  about: 'log records a second from a full queue into the log store, through warren up',
  run: (options) =>
    measure(
      {
        unit: 'records/s',
        mark: 60_000,
        items: 1_000_000,
        stream: 'logs',
        messages: (count) => recordMessages({ count, perMessage: 500, tenants: 1 }),
      },
      options,
    ),
}
