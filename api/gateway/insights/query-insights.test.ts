import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { createQueryInsights, type InsightsWish } from './query-insights.ts'
import type { QueryRecord } from './record.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const asker = {
  tenant: 'a',
  deployments: undefined,
  credential: 'token grafana',
  isAlert: false,
  wantsFresh: false,
  requestId: 'r-1',
}

interface Part extends Partial<Omit<QueryRecord, 'asker'>> {
  readonly asker?: Partial<QueryRecord['asker']>
}

const recordOf = ({ asker: who, ...part }: Part = {}): QueryRecord => ({
  asker: { ...asker, ...who },
  protocol: 'influxql',
  text: () => 'SELECT 1',
  ...{ cost: 10, askedCost: 10, waitedMs: 0, tookMs: 5, rows: 1, bytes: 100, state: 'miss' },
  ...part,
})

function open() {
  let nowMs = Date.parse('2026-03-03T12:00:30Z')
  const registry = new Registry()
  const errors: unknown[] = []
  const log = { error: (message: string, about: object) => errors.push({ message, ...about }) }
  const insights = createQueryInsights(registry, log as never, () => nowMs)
  return {
    ...{ insights, errors },
    registry,
    pass: (ms: number) => {
      nowMs += ms
    },
    note: (part?: Part) => insights.note(recordOf(part)),
    tell: (wish: Partial<InsightsWish> = {}) =>
      insights.tell({
        ...{ window: '5m', by: 'dashboard', order: 'cost', limit: 50, tenant: 'a' },
        ...wish,
      }),
  }
}

it('sums by dashboard, panel, user and token, the dearest first', () => {
  const { note, tell } = open()
  const wall = { dashboard: 'wall', panel: '2', user: 'ann' }
  note({ asker: wall })
  note({ asker: wall, state: 'hit', askedCost: 0, tookMs: 1 })
  note({ asker: { dashboard: 'shop', panel: '2' }, askedCost: 50, cost: 50, waitedMs: 20 })
  const { items, total } = tell()
  expect(items).toMatchObject([
    { name: 'shop', cost: 50, queued: 1, miss: 1 },
    { name: 'wall', cost: 10, savedCost: 10, hit: 1, miss: 1, queries: 2, tookMs: 6 },
  ])
  expect(total).toMatchObject({ queries: 3, cost: 60, slowestRequestId: 'r-1' })
  expect(tell({ by: 'panel' }).items).toMatchObject([
    { name: 'shop', panel: '2' },
    { name: 'wall', panel: '2' },
  ])
  expect(tell({ by: 'user' }).items).toMatchObject([
    { name: null, isRest: false },
    { name: 'ann', panel: null },
  ])
  expect(tell({ by: 'token' }).items).toMatchObject([{ name: 'grafana', queries: 3 }])
})

it('orders by refused ones, and says why the last were', () => {
  const { note, tell, insights, pass } = open()
  note({ asker: { dashboard: 'dear' }, askedCost: 900 })
  const refused = { state: 'refused', askedCost: 0, reason: 'too dear' } as const
  note({ ...refused, asker: { dashboard: 'bad', requestId: 'r-2' }, text: () => `"token" = 'x'` })
  const { items, failed } = tell({ order: 'refused' })
  expect(items.map(({ name }) => name)).toEqual(['bad', 'dear'])
  expect(items[0]).toMatchObject({ refused: 1, cost: 0, savedCost: 0 })
  expect(failed).toMatchObject([
    { requestId: 'r-2', reason: 'too dear', text: '"token" = <secret>' },
  ])
  expect(insights.find('r-2', 'a')).toHaveLength(1)
  expect(insights.find('r-2', 'b')).toEqual([])
  expect(insights.find('r-2', undefined)).toHaveLength(1)
  pass(10 * 60_000)
  expect(tell().failed).toEqual([])
  expect(tell({ window: '1h' }).failed).toHaveLength(1)
})

it('forgets what is older than the window, to the minute', () => {
  const { note, tell, pass } = open()
  note()
  pass(5 * 60_000)
  expect(tell().total.queries).toBe(1)
  pass(60_000)
  expect(tell().total.queries).toBe(0)
  expect(tell({ window: '1h' }).total.queries).toBe(1)
  pass(60 * 60_000)
  expect(tell({ window: '1h' }).total.queries).toBe(0)
  expect(tell({ window: '24h' }).total.queries).toBe(1)
  pass(25 * 60 * 60_000)
  note()
  expect(tell({ window: '24h' }).total.queries).toBe(1)
})

it('keeps tenants apart, and tells all of them only without one', () => {
  const { note, tell } = open()
  note({ asker: { dashboard: 'x' } })
  note({ asker: { tenant: 'b', dashboard: 'x' }, tookMs: 99 })
  expect(tell()).toMatchObject({ total: { queries: 1 }, items: [{ tenant: 'a', queries: 1 }] })
  expect(tell().slowest.map(({ tenant }) => tenant)).toEqual(['a'])
  const all = tell({ by: 'tenant', tenant: undefined, order: 'time' })
  expect(all.items.map(({ name }) => name)).toEqual(['b', 'a'])
  expect(all.slowest).toHaveLength(2)
})

it('has room for a hundred names: the cheapest join the rest, and nothing is lost', () => {
  const { note, tell } = open()
  note({ asker: { dashboard: 'dear' }, askedCost: 1000 })
  for (let index = 0; index < 500; index++) note({ asker: { dashboard: `d${index}` } })
  const { items, total } = tell({ limit: 500 })
  expect(items).toHaveLength(101)
  expect(items).toContainEqual(expect.objectContaining({ name: 'dear', cost: 1000 }))
  expect(items).toContainEqual(expect.objectContaining({ isRest: true, name: null }))
  expect(items.reduce((sum, { queries }) => sum + queries, 0)).toBe(total.queries)
})

it('stays within its memory when thousands of tenants ask for a day', async () => {
  const { note, registry, pass } = open()
  const long = 'x'.repeat(5000)
  const text = () => long
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  for (let quarter = 0; quarter < 96; quarter++) {
    for (let index = 0; index < 300; index++)
      note({ asker: { tenant: `t${index}`, dashboard: `d${quarter}` }, text })
    pass(15 * 60_000)
  }
  collectGarbage()
  const grown = process.memoryUsage().heapUsed - before
  expect(grown).toBeLessThan(100 * 1024 * 1024)
  expect(await registry.getSingleMetricAsString('warren_api_query_insights_dropped_total')).toMatch(
    /total \d{3,}/,
  )
})

it('prints a text that takes little memory when somebody reads it, and masks it', () => {
  const { note, insights } = open()
  let prints = 0
  const text = () => {
    prints += 1
    return `SELECT v FROM m WHERE "password" = 'x'`
  }
  // Slower ones are printed at once, for the few that are kept as the slowest.
  for (let index = 0; index < 3; index++) note({ tookMs: 100 })
  note({ text, isTextLight: true, asker: { requestId: 'r-3' } })
  expect(prints).toBe(0)
  expect(insights.find('r-3', 'a')).toMatchObject([
    { text: `SELECT v FROM m WHERE "password" = <secret>` },
  ])
  insights.find('r-3', 'a')
  expect(prints).toBe(1)
})

it.each([false, true])(
  'keeps a query that cannot be printed, and says so, light: %s',
  (isTextLight) => {
    const { note, insights, errors } = open()
    const text = (): string => {
      throw new RangeError('Invalid time value')
    }
    for (let index = 0; index < 4; index++)
      note({ text, isTextLight, state: 'refused', asker: { requestId: `r-${index}` } })
    expect(insights.find('r-3', 'a')).toMatchObject([{ text: 'the query could not be printed' }])
    expect(errors).toContainEqual({
      message: 'a query could not be printed',
      error: 'Invalid time value',
      requestId: 'r-3',
    })
  },
)
