import type { ContentEncoding } from '@warren/contracts/message'
import type { Stream } from '@warren/contracts/topology'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { drain } from './drain.ts'
import { fill } from './fill.ts'
import { encoded } from './packed.ts'
import { startOnce, startPollerProcess } from './poller-process.ts'
import { cpuSeconds, peakRssMb } from './process-cost.ts'
import { type SinkKind, startSink } from './sinks/sink-process.ts'
import { startCatalog } from './tenants.ts'
import { type BenchMessage, pointMessages, recordMessages } from './workload.ts'

interface Workload {
  readonly stream: Stream
  readonly items: number
  readonly sink: SinkKind
  readonly messages: (options: BenchOptions & { readonly items: number }) => Iterable<BenchMessage>
  /** Has the poller pack what it writes to the store, where it can. */
  readonly gzipOutput?: Readonly<Record<string, string>>
  readonly toMeasured: (main: Passage) => Pick<Measured, 'value' | 'unit' | 'mark' | 'holds'>
}

/** One queue through one poller process into one sink. */
interface Passage {
  readonly items: number
  readonly cpu: number
  readonly seconds: number
  readonly rssMb: number
  readonly sinkCpu: number
}

/** The stream that is not measured gets a sink, too: nothing of the poller is left out. */
async function startSinks() {
  const [influx, bulk] = await Promise.all([startSink('influx'), startSink('bulk')])
  return {
    influx,
    bulk,
    close: async () => {
      await Promise.all([influx.close(), bulk.close()])
    },
  }
}

/** How items come and go. */
interface Way {
  readonly input: ContentEncoding
  /** Further settings of the poller; what it writes is plain without. */
  readonly output?: Readonly<Record<string, string>>
}

async function pass(
  workload: Workload,
  options: BenchOptions,
  { input, output = {} }: Way,
): Promise<Passage> {
  const items = options.items ?? workload.items
  const rabbitmq = await startRabbitmq({ maxQueueBytes: 8 * 1024 ** 3 })
  const catalog = await startCatalog(options.tenants)
  const sinks = await startSinks()
  try {
    await fill(rabbitmq.url, encoded(workload.messages({ ...options, items }), input))
    const env = {
      WARREN_AMQP_URL: rabbitmq.url,
      WARREN_CATALOG_URL: catalog.url,
      WARREN_METRIC_STORE__TYPE: 'influx1',
      WARREN_METRIC_STORE__URL: sinks.influx.url,
      WARREN_LOG_STORE__TYPE: 'elasticsearch',
      WARREN_LOG_STORE__URL: sinks.bulk.url,
      ...output,
    }
    const poller = await startPollerProcess(env, options.profile)
    try {
      const sink = sinks[workload.sink]
      const { seconds, cpu } = await drain(
        { pid: poller.pid, stored: () => sink.stored() },
        workload.stream,
        items,
      )
      return { items, cpu, seconds, rssMb: peakRssMb(poller.pid), sinkCpu: cpuSeconds(sink.pid) }
    } finally {
      await poller.close()
    }
  } finally {
    await sinks.close()
    await catalog.close()
    await rabbitmq.close()
  }
}

const perMillion = ({ cpu, items }: Passage): number => (cpu / items) * 1e6

async function measure(workload: Workload, options: BenchOptions): Promise<Measured> {
  await startOnce()
  const main = await pass(workload, options, { input: 'zstd' })
  const beside = { ...options, profile: undefined }
  const gzip = await pass(workload, beside, { input: 'gzip' })
  const { gzipOutput: output } = workload
  const packed =
    output === undefined ? undefined : await pass(workload, beside, { input: 'zstd', output })
  return {
    ...workload.toMeasured(main),
    details: {
      items: main.items,
      tenants: options.tenants,
      cpuSecondsPerMillion: perMillion(main),
      itemsPerSecond: Math.round(main.items / main.seconds),
      peakRssMb: main.rssMb,
      sinkCpuSeconds: main.sinkCpu,
      gzipCpuSecondsPerMillion: perMillion(gzip),
      gzipPeakRssMb: gzip.rssMb,
      ...(packed === undefined
        ? {}
        : {
            gzipOutputCpuSecondsPerMillion: perMillion(packed),
            gzipOutputPeakRssMb: packed.rssMb,
          }),
    },
  }
}

const maxCpuPerMillion = 0.7
const maxRssMb = 150

export const pollerMetrics: Bench = {
  about:
    'CPU of a poller process, RabbitMQ (zstd; gzip beside it) to a sink that answers as InfluxDB (plain; gzip beside it)',
  run: (options) =>
    measure(
      {
        stream: 'metrics',
        items: 3_000_000,
        sink: 'influx',
        messages: ({ items, names, tenants }) =>
          pointMessages({ count: items, perMessage: 1000, names, tenants }),
        gzipOutput: { WARREN_METRIC_STORE__GZIP: 'true' },
        toMeasured: (main) => ({
          value: perMillion(main),
          unit: 'CPU-s/million points',
          mark: `<= ${maxCpuPerMillion}, and RSS <= ${maxRssMb} MB`,
          holds: perMillion(main) <= maxCpuPerMillion && main.rssMb <= maxRssMb,
        }),
      },
      options,
    ),
}

const minRecordsPerCpuSecond = 150_000

export const pollerLogs: Bench = {
  about: 'CPU of a poller process, RabbitMQ (zstd; gzip beside it) to a sink that answers _bulk',
  run: (options) =>
    measure(
      {
        stream: 'logs',
        items: 1_000_000,
        sink: 'bulk',
        messages: ({ items, tenants }) =>
          recordMessages({ count: items, perMessage: 500, tenants }),
        toMeasured: ({ items, cpu }) => ({
          value: Math.round(items / cpu),
          unit: 'records/CPU-s',
          mark: `>= ${minRecordsPerCpuSecond}`,
          holds: items / cpu >= minRecordsPerCpuSecond,
        }),
      },
      options,
    ),
}
