import { randomBytes } from 'node:crypto'
import type { LogStore } from '@warren/stores/logs/log-store'
import type { LogStoreHarness } from '@warren/stores/logs/log-store.contract'
import { idOf, type TestRecord, toBatch } from '@warren/stores/logs/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomOf } from './oracle.ts'
import { createSearchOracle, type Ends, type Panel, type SearchOracle } from './search-oracle.ts'

const hourMs = 3_600_000
type Random = () => number
const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item

const within = ({ fromMs: gte, toMs: lte }: Ends) => ({
  range: { '@timestamp': { gte, lte, format: 'epoch_millis' } },
})
const inTime = ({ fromMs: min, toMs: max }: Ends, interval: string) => ({
  date_histogram: {
    ...{ field: '@timestamp', fixed_interval: interval, min_doc_count: 0 },
    ...{ extended_bounds: { min, max }, format: 'epoch_millis' },
  },
})
const newest = [{ '@timestamp': { order: 'desc', unmapped_type: 'boolean' } }, { _doc: 'desc' }]

/** What a panel shows of what a query finds. */
const shapes: readonly ((ends: Ends, interval: string) => object)[] = [
  (ends, interval) => ({ size: 0, aggs: { 2: inTime(ends, interval) } }),
  (ends, interval) => ({
    size: 0,
    aggs: {
      3: {
        terms: { field: 'host.name', size: 5, order: { _count: 'desc' } },
        aggs: { 2: inTime(ends, interval) },
      },
    },
  }),
  (ends, interval) => ({
    size: 0,
    aggs: {
      2: { ...inTime(ends, interval), aggs: { 1: { avg: { field: 'severity_number' } } } },
    },
  }),
  (ends, interval) => ({
    ...{ size: 50, sort: newest, docvalue_fields: ['@timestamp'] },
    highlight: { fields: { '*': {} }, pre_tags: ['<'], post_tags: ['>'] },
    aggs: { 1: inTime(ends, interval) },
  }),
  () => ({ size: 0, aggs: { 1: { terms: { field: 'log.level', order: { _key: 'asc' } } } } }),
  (ends) => ({
    size: 0,
    aggs: { 1: { filters: { filters: { late: within(ends), warn: lucene('log.level:warn') } } } },
  }),
  () => ({ size: 3, sort: newest, track_total_hits: true }),
]
const lucene = (query: string) => ({ query_string: { query, analyze_wildcard: true } })
const words = ['*', 'failed', 'log.level:error', 'host.name:a AND took', '"request 7"', 'NOT warn']

interface OpenPanel {
  readonly panel: Panel
  /** As it is shown at a moment. */
  readonly endsAt: (nowMs: number) => Ends
}

/** A panel that stays open: it keeps its text and the length of its range. */
function createPanel(random: Random): OpenPanel {
  const shape = pick(random, shapes)
  const interval = pick(random, ['10s', '30s', '7s', '1m'])
  const query = lucene(pick(random, words))
  const byClock = random() < 0.1
  const range = (ends: Ends) =>
    byClock ? { range: { '@timestamp': { gte: 'now-20m', lte: 'now' } } } : within(ends)
  const panel: Panel = (ends) => ({
    query: { bool: { filter: [range(ends), query] } },
    ...shape(ends, interval),
  })
  const spanMs = Math.floor(pick(random, [0.05, 0.2, 0.5]) * hourMs + pick(random, [0, 3333]))
  const agoMs = random() < 0.15 ? hourMs / 4 : Math.floor(random() * 3000)
  return { panel, endsAt: (nowMs) => ({ fromMs: nowMs - agoMs - spanMs, toMs: nowMs - agoMs }) }
}

let records = 0
function recordAt(random: Random, ms: number): TestRecord {
  records += 1
  const level = pick(random, ['info', 'info', 'warn', 'error'])
  return {
    id: idOf(`record ${records}`),
    '@timestamp': new Date(ms).toISOString().replace('Z', `${String(records).padStart(6, '0')}Z`),
    message: `request ${Math.floor(random() * 20)} ${level === 'error' ? 'failed' : 'took 5 ms'}`,
    ...{ 'log.level': level, severity_number: level === 'error' ? 17 : 9 },
    'host.name': pick(random, ['a', 'b', 'c']),
    deployment: pick(random, ['shop', 'web']),
  }
}

interface Life {
  readonly random: Random
  readonly oracle: SearchOracle
  readonly write: (tenant: string, records: readonly TestRecord[]) => Promise<void>
}

/** Records that come in order, late and twice; several viewers at moments of one step; whatever is answered is what the store had when it was asked. */
async function liveByChance({ random, oracle, write }: Life, tenant: string, rounds: number) {
  const { clock } = oracle
  const open = Array.from({ length: 12 }, () => createPanel(random))
  const rights = [undefined, ['shop'], ['shop', 'web']] as const
  const states: Record<string, number> = {}
  for (let round = 0; round < rounds; round += 1) {
    clock.nowMs += 3000 + Math.floor(random() * 4000)
    const late = () => clock.nowMs - Math.floor(random() ** 4 * hourMs)
    await write(
      tenant,
      Array.from({ length: 12 }, () => recordAt(random, late())),
    )
    for (const { panel, endsAt } of open)
      for (let viewer = 0; viewer < 3; viewer += 1) {
        clock.nowMs += Math.floor(random() * 20)
        const who = { tenant, deployments: pick(random, rights) }
        const ends = endsAt(clock.nowMs)
        const { text, expected, state } = await oracle.ask(panel, ends, who)
        expect(text, `${state} ${JSON.stringify(panel(ends))}`).toBe(expected)
        states[state] = (states[state] ?? 0) + 1
      }
  }
  return states
}

/** The cache before a log store, on the real thing. */
export function searchCacheContract(name: string, start: () => Promise<LogStoreHarness>) {
  describe(`the cache before ${name}`, () => {
    let harness: LogStoreHarness
    let store: LogStore
    beforeAll(async () => {
      harness = await start()
      store = await harness.open()
    })
    afterAll(async () => {
      await store?.close()
      await harness?.stop()
    })

    const newTenant = () => `t${randomBytes(8).toString('hex')}`
    const write = async (tenant: string, batch: readonly TestRecord[]) => {
      const { refused } = await store.write(toBatch(tenant, batch))
      expect(refused).toEqual([])
      await harness.refresh()
    }
    const everyone = (tenant: string) => ({ tenant, deployments: undefined })
    const total: Panel = (ends) => ({ query: within(ends), size: 0, track_total_hits: true })
    const all = (nowMs: number): Ends => ({ fromMs: nowMs - hourMs, toMs: nowMs })

    it('answers as the store answered the same question at most 5 s earlier, whatever is written and searched', async () => {
      const seed = Number(process.env['WARREN_SEED'] ?? 5)
      const oracle = createSearchOracle(store, Date.now() - hourMs)
      const life = { random: randomOf(seed), oracle, write }
      const states = await liveByChance(life, newTenant(), 10)
      expect(states['hit']).toBeGreaterThan(60)
      expect(states['miss']).toBeGreaterThan(60)
    })

    it('shows what was written, or went, within 5 s', async () => {
      const oracle = createSearchOracle(store, Date.now() - 24 * hourMs)
      const { clock } = oracle
      const tenant = newTenant()
      const random = randomOf(1)
      clock.nowMs -= clock.nowMs % 5000
      const ends = all(clock.nowMs)
      const count = async () => {
        const { text } = await oracle.ask(total, ends, everyone(tenant))
        return JSON.parse(text).hits.total.value as number
      }
      await write(tenant, [recordAt(random, clock.nowMs - 1000)])
      expect(await count()).toBe(1)
      await write(tenant, [recordAt(random, clock.nowMs - 2000)])
      clock.nowMs += 4999
      expect(await count()).toBe(1)
      clock.nowMs += 1
      expect(await count()).toBe(2)
      await store.retain({ tenant, days: 1, nowMs: Date.now() + 48 * hourMs })
      await harness.refresh()
      clock.nowMs += 5000
      expect(await count()).toBe(0)
    })

    it('gives each tenant, and each grant, its own answer to the same text', async () => {
      const oracle = createSearchOracle(store, Date.now() - hourMs)
      const { clock, upstream } = oracle
      const [one, other] = [newTenant(), newTenant()]
      const of = (deployment: string): TestRecord => ({
        ...recordAt(randomOf(2), clock.nowMs - 6000),
        deployment,
      })
      await write(one, ['shop', 'shop', 'web'].map(of))
      await write(other, ['shop'].map(of))
      const asked = [
        [everyone(one), 3],
        [{ tenant: one, deployments: ['shop'] }, 2],
        [{ tenant: one, deployments: ['web'] }, 1],
        [{ tenant: one, deployments: ['none'] }, 0],
        [everyone(other), 1],
        [{ tenant: other, deployments: ['web'] }, 0],
      ] as const
      for (const state of ['miss', 'hit'])
        for (const [who, hits] of asked) {
          const answer = await oracle.ask(total, all(clock.nowMs), who)
          expect([JSON.parse(answer.text).hits.total.value, answer.state]).toEqual([hits, state])
        }
      expect(upstream.searches).toBe(asked.length)
    })
  })
}
