import { normaliseLogs } from '@warren/poller/logs/normalise'
import { normaliseMetrics } from '@warren/poller/metrics/normalise'
import type { Origin } from '@warren/poller/origin'
import { createRuleBook } from '@warren/poller/rules/rule-book'
import { defaultRules } from '@warren/poller/rules/schema'
import { limitSeries } from '@warren/poller/series/limit-series'
import { createTenantSeries } from '@warren/poller/series/tenant-series'
import { timeWindow } from '@warren/poller/time-window'
import type { Bench, Measured } from './bench.ts'
import { type BenchMessage, pointMessages, recordMessages } from './workload.ts'

const origin: Origin = {
  exchange: 'warren.bench',
  routingKey: 'default.-.bench',
  messageId: 'bench',
  tenant: 'default',
  deployment: undefined,
  source: 'bench',
  fallbackNs: undefined,
}

/** Items of which the workload is made; they are normalised again and again. */
const distinct = 200_000
const perMessage = 1000

const userSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

type Normalise = (body: Buffer) => { readonly refused: readonly unknown[] }

interface Work {
  readonly messages: readonly BenchMessage[]
  readonly normalise: Normalise
  readonly items: number
}

/** Items a CPU-second of the whole process, after one round that warms the compiler. */
function itemsPerCpuSecond({ messages, normalise, items }: Work): number {
  const round = () => {
    for (const { body } of messages)
      if (normalise(body).refused.length > 0) throw new Error('BUG: the workload is refused')
  }
  round()
  const before = userSeconds()
  let moved = 0
  while (moved < items) {
    round()
    moved += distinct
  }
  return moved / (userSeconds() - before)
}

/** Normalisation alone, in this process: no broker, no store, default stages. */
async function run(items: number): Promise<Measured> {
  const window = timeWindow(Date.now(), 86_400_000, { rules: createRuleBook(defaultRules) })
  const series = createTenantSeries(Date.now)
  series.set({ limit: defaultRules.series.limit, day: 1 })
  const points = itemsPerCpuSecond({
    messages: [...pointMessages({ count: distinct, perMessage, names: 1, tenants: 1 })],
    normalise: (body) => limitSeries(normaliseMetrics(body, origin, window), series),
    items,
  })
  const records = itemsPerCpuSecond({
    messages: [...recordMessages({ count: distinct, perMessage, tenants: 1 })],
    normalise: (body) => normaliseLogs(body, origin, window),
    items,
  })
  return {
    value: Math.round(records),
    unit: 'records/CPU-s',
    mark: '≥ 150,000 records and ≥ 1,430,000 points a CPU-second: what the whole poller may cost',
    holds: records >= 150_000 && points >= 1_430_000,
    details: { pointsPerCpuSecond: Math.round(points), items },
  }
}

export const normalise: Bench = {
  about: 'points and records that one CPU-second normalises, default stages',
  run: ({ items = 1_000_000 }) => run(items),
}
