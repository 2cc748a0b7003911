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

/** The store is away while the queue fills and the poller tries; then it comes, and everything has to go through. */
async function run({
  items = defaultPoints,
  names,
  tenants,
  profile,
}: BenchOptions): Promise<Measured> {
  const rabbitmq = await startRabbitmq({ maxQueueBytes: 16 * 1024 ** 3 })
  const catalog = await startCatalog(tenants)
  const [influxPort, bulk] = [await freePort(), await startSink('bulk')]
  const env = {
    WARREN_AMQP_URL: rabbitmq.url,
    WARREN_CATALOG_URL: catalog.url,
    WARREN_METRIC_STORE__TYPE: 'influx1',
    WARREN_METRIC_STORE__URL: `http://127.0.0.1:${influxPort}`,
    WARREN_LOG_STORE__TYPE: 'elasticsearch',
    WARREN_LOG_STORE__URL: bulk.url,
  }
  const poller = await startPollerProcess(env, profile)
  try {
    const messages = pointMessages({ count: items, perMessage: 1000, names, tenants })
    const bytes = await fill(rabbitmq.url, encoded(messages, 'zstd'))
    await sleep(outageMs)
    const outageRssMb = peakRssMb(poller.pid)
    const sink = await startSink('influx', influxPort)
    try {
      const through = { pid: poller.pid, stored: () => sink.stored() }
      const { seconds, cpu } = await drain(through, 'metrics', items)
      const value = peakRssMb(poller.pid)
      return {
        value,
        unit: 'MB RSS',
        mark: `<= ${maxRssMb}, all of it stored`,
        holds: value <= maxRssMb,
        details: {
          ...{ items, bytes, outageRssMb, seconds, pointsPerSecond: Math.round(items / seconds) },
          cpuSecondsPerMillion: (cpu / items) * 1e6,
        },
      }
    } finally {
      await sink.close()
    }
  } finally {
    await poller.close()
    await bulk.close()
    await catalog.close()
    await rabbitmq.close()
  }
}

export const backlog: Bench = {
  about:
    'peak RSS of a poller that drains what came while its store was away, and how fast (--items)',
  run,
}
