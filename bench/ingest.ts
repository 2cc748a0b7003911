import type { Stream } from '@warren/contracts/topology'
import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { drain } from './drain.ts'
import { fill } from './fill.ts'
import { encoded } from './packed.ts'
import { openPanels, type Panels } from './panels.ts'
import { peakRssMb } from './process-cost.ts'
import { startCatalog } from './tenants.ts'
import { startWarren } from './warren-process.ts'
import { type BenchMessage, pointMessages, recordMessages } from './workload.ts'

interface Workload {
  readonly unit: string
  /** Items a second that the embedded store must take. */
  readonly mark: number
  readonly items: number
  readonly stream: Stream
  readonly messages: (count: number, options: BenchOptions) => Iterable<BenchMessage>
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

interface Passage {
  readonly perSecond: number
  readonly bytes: number
  readonly seconds: number
  readonly cpu: number
  readonly peakRssMb: number
  readonly moved: number
  readonly panels: ReturnType<Panels['counts']> | undefined
}

/** One full queue through one `warren up`, with or without a dashboard open. */
async function pass(
  workload: Workload,
  options: BenchOptions,
  isWatched: boolean,
): Promise<Passage> {
  const items = options.items ?? workload.items
  const rabbitmq = await startRabbitmq({ maxQueueBytes: 8 * 1024 ** 3 })
  const catalog = await startCatalog(options.tenants)
  const stores = await startStores(options.store)
  try {
    const bytes = await fill(rabbitmq.url, encoded(workload.messages(items, options), 'zstd'))
    const urls = { WARREN_AMQP_URL: rabbitmq.url, WARREN_CATALOG_URL: catalog.url }
    const warren = await startWarren({ ...stores.env, ...urls })
    const panels = isWatched ? openPanels(warren, workload.stream) : undefined
    try {
      const { seconds, cpu } = await drain(warren, workload.stream, items)
      const perSecond = Math.round(items / seconds)
      const counts = panels?.counts()
      const moved = await warren.moved(workload.stream)
      const rss = peakRssMb(warren.pid)
      return { perSecond, bytes, seconds, cpu, peakRssMb: rss, moved, panels: counts }
    } finally {
      panels?.close()
      await warren.close()
    }
  } finally {
    await stores.close()
    await catalog.close()
    await rabbitmq.close()
  }
}

/** What a dashboard may leave of the rate without one. */
const minShare = 0.6

/** With `--panels` once more with a dashboard open; the figure stays that without one. */
async function measure(workload: Workload, options: BenchOptions): Promise<Measured> {
  const items = options.items ?? workload.items
  const mark = markOf(workload, options)
  const main = await pass(workload, options, false)
  const watched = options.panels ? await pass(workload, options, true) : undefined
  const share = watched === undefined ? undefined : watched.perSecond / main.perSecond
  const answered = watched?.panels ?? { answered: 0, failed: 0 }
  return {
    value: main.perSecond,
    unit: workload.unit,
    mark: `${mark === undefined ? 'none' : `>= ${mark}`}${share === undefined ? '' : `, with panels >= ${minShare} of it`}`,
    holds:
      (mark === undefined || main.perSecond >= mark) &&
      (share === undefined || (share >= minShare && answered.failed === 0)),
    details: {
      items,
      bytes: main.bytes,
      names: options.names,
      tenants: options.tenants,
      store: options.store,
      seconds: main.seconds,
      cpuSecondsPerMillion: (main.cpu / items) * 1e6,
      peakRssMb: main.peakRssMb,
      movedMessages: main.moved,
      ...(watched === undefined || share === undefined
        ? {}
        : {
            withPanels: watched.perSecond,
            share,
            ...answered,
            panelsPeakRssMb: watched.peakRssMb,
          }),
    },
  }
}

export const ingestMetrics: Bench = {
  about: 'points a second from a full queue into the metric store, through warren up',
  run: (options) =>
    measure(
      {
        unit: 'points/s',
        mark: 300_000,
        items: 3_000_000,
        stream: 'metrics',
        messages: (count, { names, tenants }) =>
          pointMessages({ count, perMessage: 1000, names, tenants }),
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
        mark: 150_000,
        items: 1_000_000,
        stream: 'logs',
        messages: (count, { tenants }) => recordMessages({ count, perMessage: 500, tenants }),
      },
      options,
    ),
}
