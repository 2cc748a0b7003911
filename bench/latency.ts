import { setTimeout as sleep } from 'node:timers/promises'
import { openBroker } from '@warren/broker/open'
import type { Publisher } from '@warren/broker/publisher'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { createLog } from '@warren/platform/log'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { encoded } from './packed.ts'
import { latenciesOf, type Probes, quantile, watchProbes, withProbe } from './probes.ts'
import { startCatalog, tenantNames } from './tenants.ts'
import { startWarren } from './warren-process.ts'
import { pointMessages } from './workload.ts'

const pointsPerSecond = 10_000
const perMessage = 100
/** Between two messages. */
const stepMs = (perMessage / pointsPerSecond) * 1000
/** Not measured: the first messages find everything cold. */
const warmMs = 5000

async function publishSteadily(
  publisher: Publisher,
  probes: Probes,
  options: { readonly count: number; readonly tenants: number },
) {
  const probed = toRoutingKey(tenantNames(1)[0], undefined, 'bench')
  const startMs = Date.now()
  const messages = pointMessages({ ...options, perMessage, names: 1, startMs })
  const sent: Promise<void>[] = []
  let number = 0
  for (const message of messages) {
    const dueMs = startMs + number * stepMs
    if (dueMs > Date.now()) await sleep(dueMs - Date.now())
    const isProbe = message.key === probed
    const [packed] = encoded([isProbe ? withProbe(message, number) : message], 'zstd')
    if (isProbe) probes.published.set(number, Date.now())
    if (packed !== undefined) sent.push(publisher.publish(packed))
    number += 1
  }
  await Promise.all(sent)
}

const maxP50Ms = 300
const maxP99Ms = 1000

function toMeasured(probes: Probes, count: number): Measured {
  const first = Math.min(...probes.published.values()) + warmMs
  const latencies = latenciesOf(probes, first)
  const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)]
  return {
    value: p99,
    unit: 'ms (p99)',
    mark: `p50 <= ${maxP50Ms} ms, p99 <= ${maxP99Ms} ms at ${pointsPerSecond} points/s`,
    holds: p50 <= maxP50Ms && p99 <= maxP99Ms,
    details: { p50, maxMs: latencies.at(-1) ?? Number.NaN, probes: latencies.length, items: count },
  }
}

async function run({ items: count = pointsPerSecond * 35, tenants }: BenchOptions) {
  const rabbitmq = await startRabbitmq()
  const catalog = await startCatalog(tenants)
  const warren = await startWarren({
    WARREN_AMQP_URL: rabbitmq.url,
    WARREN_CATALOG_URL: catalog.url,
  })
  const log = createLog({ service: 'bench', level: 'error', pretty: true })
  const broker = openBroker({ url: rabbitmq.url, name: 'bench', log })
  try {
    const probes: Probes = { published: new Map(), seen: new Map() }
    const publishing = publishSteadily(broker.publisher(), probes, { count, tenants })
    await Promise.all([publishing, watchProbes(warren, probes, publishing)])
    return toMeasured(probes, count)
  } finally {
    await broker.close()
    await warren.close()
    await catalog.close()
    await rabbitmq.close()
  }
}

export const latency: Bench = {
  about: `ms from publish to query at ${pointsPerSecond} points a second, through warren up`,
  run,
}
