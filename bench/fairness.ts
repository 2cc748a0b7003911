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
import { startWarren, type WarrenProcess } from './warren-process.ts'
import { type BenchMessage, pointMessages } from './workload.ts'

/** Of the tenant that is measured: 2,000 points a second. */
const quiet = { perMessage: 100, everyMs: 50 }
/** Of the tenant that floods. */
const limitPerSecond = 10_000
const floodPerMessage = 1000
/** As fast as the broker confirms that many at once, up to ten times its limit. */
const floodPerSecond = 10 * limitPerSecond
const floodAtOnce = 8
const secondsOfAPhase = 25
/** Not measured: at first everything is cold, and the flood has not filled anything yet. */
const warmMs = 5000
const maxRatio = 2

const [, flooder = ''] = tenantNames(2)

interface Flow {
  readonly publisher: Publisher
  readonly probes: Probes
  readonly until: AbortSignal
}

/** One small message after the other, each with a probe. */
async function publishQuietly({ publisher, probes, until }: Flow): Promise<void> {
  const sent: Promise<void>[] = []
  const count = Number.MAX_SAFE_INTEGER
  const startMs = Date.now()
  for (const message of pointMessages({
    ...{ count, perMessage: quiet.perMessage, names: 1, tenants: 1 },
    startMs,
  })) {
    if (until.aborted) break
    const number = sent.length
    const dueMs = startMs + number * quiet.everyMs
    if (dueMs > Date.now()) await sleep(dueMs - Date.now())
    const [packed] = encoded([withProbe(message, number)], 'zstd')
    if (packed === undefined) continue
    probes.published.set(number, Date.now())
    sent.push(publisher.publish(packed))
  }
  await Promise.all(sent)
}

/** Packed before it flows, so that packing takes nothing from whom it disturbs. */
function packFlood(): readonly BenchMessage[] {
  const count = floodPerSecond * secondsOfAPhase
  const key = toRoutingKey(flooder, undefined, 'bench')
  const messages = pointMessages({ count, perMessage: floodPerMessage, names: 1, tenants: 1 })
  return [...encoded(messages, 'zstd')].map((message) => ({ ...message, key }))
}

/** Resolves with the points that were sent. */
async function flood(publisher: Publisher, messages: readonly BenchMessage[], ms: number) {
  const startMs = Date.now()
  let next = 0
  const work = async () => {
    while (Date.now() - startMs < ms) {
      const message = messages[next++]
      if (message === undefined) return
      const dueMs = startMs + (next * floodPerMessage * 1000) / floodPerSecond
      if (dueMs > Date.now()) await sleep(dueMs - Date.now())
      await publisher.publish(message)
    }
  }
  await Promise.all(Array.from({ length: floodAtOnce }, work))
  return Math.min(next, messages.length) * floodPerMessage
}

interface Outcome {
  /** p99, ms. */
  readonly alone: number
  readonly beside: number
  readonly flooded: number
  readonly moved: number
}

/** The quiet tenant by itself for a while, then beside the flood. */
async function measure(warren: WarrenProcess, url: string): Promise<Outcome> {
  const log = createLog({ service: 'bench', level: 'error', pretty: true })
  const brokers = ['quiet', 'flood'].map((name) => openBroker({ url, name, log }))
  const [calm, loud] = brokers.map((broker) => broker.publisher())
  if (calm === undefined || loud === undefined) throw new Error('BUG: there are two')
  const messages = packFlood()
  const end = new AbortController()
  const probes: Probes = { published: new Map(), seen: new Map() }
  const flowing = publishQuietly({ publisher: calm, probes, until: end.signal })
  const watching = watchProbes(warren, probes, flowing)
  const phaseMs = secondsOfAPhase * 1000
  try {
    const startMs = Date.now()
    await Promise.race([sleep(phaseMs), flowing, watching])
    const floodMs = Date.now()
    const flooded = await Promise.race([flood(loud, messages, phaseMs), watching.then(() => 0)])
    end.abort()
    await Promise.all([flowing, watching])
    const all = latenciesOf(probes, startMs + warmMs)
    const beside = latenciesOf(probes, floodMs + warmMs)
    const alone = latenciesOf(
      { ...probes, published: new Map([...probes.published].filter(([, ms]) => ms < floodMs)) },
      startMs + warmMs,
    )
    if (all.length < beside.length + alone.length) throw new Error('BUG: a probe counts twice')
    return {
      alone: quantile(alone, 0.99),
      beside: quantile(beside, 0.99),
      flooded,
      moved: await warren.moved('metrics'),
    }
  } finally {
    end.abort()
    for (const broker of brokers) await broker.close()
  }
}

/** Of every tenant; the quiet one is far below it. */
const limited = { WARREN_POLLER__FAIRNESS__ITEMS_PER_SECOND: String(limitPerSecond) }

async function run(_: BenchOptions): Promise<Measured> {
  const rabbitmq = await startRabbitmq()
  const catalog = await startCatalog(2)
  const measureWith = async (env: Readonly<Record<string, string>>) => {
    const warren = await startWarren({
      WARREN_AMQP_URL: rabbitmq.url,
      WARREN_CATALOG_URL: catalog.url,
      ...env,
    })
    try {
      return await measure(warren, rabbitmq.url)
    } finally {
      await warren.close()
    }
  }
  try {
    const { alone, beside, flooded, moved } = await measureWith(limited)
    return {
      value: beside / alone,
      unit: 'times its own p99 from publish to query beside a tenant at ten times its limit',
      mark: `<= ${maxRatio}`,
      holds: beside <= maxRatio * alone,
      details: { aloneP99Ms: alone, besideP99Ms: beside, floodedItems: flooded, moved },
    }
  } finally {
    await catalog.close()
    await rabbitmq.close()
  }
}

export const fairness: Bench = {
  about: 'how much slower a tenant is served while another sends ten times its limit',
  run,
}
