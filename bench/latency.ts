import { setTimeout as sleep } from 'node:timers/promises'
import { openBroker } from '@warren/broker/open'
import type { Publisher } from '@warren/broker/publisher'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { createLog } from '@warren/platform/log'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { encoded } from './packed.ts'
import { startCatalog, tenantNames } from './tenants.ts'
import { startWarren, type WarrenProcess } from './warren-process.ts'
import { type BenchMessage, pointMessages } from './workload.ts'

const pointsPerSecond = 10_000
const perMessage = 100
/** Between two messages. */
const stepMs = (perMessage / pointsPerSecond) * 1000
/** Between two questions: what it adds to a latency. */
const askMs = 20
/** Not measured: the first messages find everything cold. */
const warmMs = 5000
const lostMs = 30_000

/** When each probe was published and when a query first showed it, ms. */
interface Probes {
  readonly published: Map<number, number>
  readonly seen: Map<number, number>
}

/** A message of the first tenant also carries a probe, a point with a number. */
function withProbe(message: BenchMessage, number: number): BenchMessage {
  const probe = `probe n=${number} ${Date.now()}${String(number % 1_000_000).padStart(6, '0')}\n`
  return { ...message, body: Buffer.concat([message.body, Buffer.from(probe)]) }
}

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

/** Asks again and again for the newest probes, until every one was seen. */
async function watch(warren: WarrenProcess, { published, seen }: Probes, done: Promise<unknown>) {
  let isDone = false
  void done.finally(() => {
    isDone = true
  })
  for (let lastMs = Date.now(); !isDone || seen.size < published.size; ) {
    const fromMs = Date.now() - 10_000
    const rows = await warren.query(`SELECT "n" FROM "probe" WHERE time > ${fromMs}ms`)
    const nowMs = Date.now()
    for (const [, number] of rows)
      if (!seen.has(Number(number))) {
        seen.set(Number(number), nowMs)
        lastMs = nowMs
      }
    if (nowMs - lastMs > lostMs) throw new Error(`${published.size - seen.size} probes never came`)
    await sleep(askMs)
  }
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

const maxP50Ms = 300
const maxP99Ms = 1000

function toMeasured({ published, seen }: Probes, count: number): Measured {
  const first = Math.min(...published.values()) + warmMs
  const latencies = [...published]
    .filter(([, atMs]) => atMs >= first)
    .map(([number, atMs]) => (seen.get(number) ?? Number.POSITIVE_INFINITY) - atMs)
    .sort((a, b) => a - b)
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
    await Promise.all([publishing, watch(warren, probes, publishing)])
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
