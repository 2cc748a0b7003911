import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@warren/test-servers/free-port'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { drain } from './drain.ts'
import { fill } from './fill.ts'
import { encoded } from './packed.ts'
import { startPollerProcess } from './poller-process.ts'
import { peakRssMb } from './process-cost.ts'
import { startSink } from './sinks/sink-process.ts'
import { startCatalog } from './tenants.ts'
import { pointMessages } from './workload.ts'

const defaultPoints = 50_000_000
const maxRssMb = 350
/** The store stays away that long with the queue full. */
const outageMs = 10_000
/** Of a queue that waited for nothing but its poller, drained right after: the same speed, but for what two runs differ by. */
const ordinaryPoints = 3_000_000
const minShare = 0.75

async function openWorld(tenants: number) {
  const rabbitmq = await startRabbitmq({ maxQueueBytes: 16 * 1024 ** 3 })
  const catalog = await startCatalog(tenants)
  const [influxPort, bulk] = [await freePort(), await startSink('bulk')]
  return {
    amqpUrl: rabbitmq.url,
    influxPort,
    pollerEnv: {
      WARREN_AMQP_URL: rabbitmq.url,
      WARREN_CATALOG_URL: catalog.url,
      WARREN_METRIC_STORE__TYPE: 'influx1',
      WARREN_METRIC_STORE__URL: `http://127.0.0.1:${influxPort}`,
      WARREN_LOG_STORE__TYPE: 'elasticsearch',
      WARREN_LOG_STORE__URL: bulk.url,
    },
    close: async () => {
      await bulk.close()
      await catalog.close()
      await rabbitmq.close()
    },
  }
}

type World = Awaited<ReturnType<typeof openWorld>>

interface Load extends Pick<BenchOptions, 'names' | 'tenants' | 'profile'> {
  readonly items: number
}

/** Resolves with the bytes. */
const fillQueue = ({ amqpUrl }: World, { items: count, names, tenants }: Load): Promise<number> =>
  fill(amqpUrl, encoded(pointMessages({ count, perMessage: 1000, names, tenants }), 'zstd'))

async function drainBacklog(world: World, load: Load) {
  const { items, profile } = load
  const poller = await startPollerProcess(world.pollerEnv, profile)
  try {
    const bytes = await fillQueue(world, load)
    await sleep(outageMs)
    const outageRssMb = peakRssMb(poller.pid)
    const sink = await startSink('influx', world.influxPort)
    try {
      const through = { pid: poller.pid, stored: () => sink.stored() }
      const drained = await drain(through, 'metrics', items)
      return { ...drained, bytes, outageRssMb, rssMb: peakRssMb(poller.pid) }
    } finally {
      await sink.close()
    }
  } finally {
    await poller.close()
  }
}

/** Points a second when nothing has been away. */
async function drainOrdinary(world: World, load: Load): Promise<number> {
  await fillQueue(world, load)
  const sink = await startSink('influx', world.influxPort)
  const poller = await startPollerProcess(world.pollerEnv, undefined)
  try {
    const through = { pid: poller.pid, stored: () => sink.stored() }
    const { seconds } = await drain(through, 'metrics', load.items)
    return load.items / seconds
  } finally {
    await poller.close()
    await sink.close()
  }
}

/** The store is away while the queue fills and the poller tries; then it comes, and everything has to go through. */
async function run({ items = defaultPoints, ...options }: BenchOptions): Promise<Measured> {
  const world = await openWorld(options.tenants)
  try {
    const { seconds, cpu, rssMb, ...more } = await drainBacklog(world, { ...options, items })
    const ordinary = await drainOrdinary(world, { ...options, items: ordinaryPoints })
    const share = items / seconds / ordinary
    return {
      value: rssMb,
      unit: 'MB RSS',
      mark: `<= ${maxRssMb}, all of it stored, >= ${minShare} of the speed without an outage`,
      holds: rssMb <= maxRssMb && share >= minShare,
      details: {
        ...{ items, ...more, seconds, pointsPerSecond: Math.round(items / seconds), share },
        cpuSecondsPerMillion: (cpu / items) * 1e6,
      },
    }
  } finally {
    await world.close()
  }
}

export const backlog: Bench = {
  about:
    'peak RSS of a poller that drains what came while its store was away, and how fast (--items)',
  run,
}
