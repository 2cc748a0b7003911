import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openTestApi, type TestApi } from '../../testing.ts'
import {
  dayMs,
  hourMs,
  midnightMs,
  oldDays,
  passed,
  refused,
  served,
  sixHours,
  whole,
  young,
  youngDays,
} from './rolled-questions.testing.ts'

export interface RollupsContract {
  /** A store that is empty. */
  open(): Promise<MetricStore>
}

interface Line {
  readonly measurement?: string
  readonly tenant?: string
  readonly host: string
  readonly ms: number
  readonly v: number
}

/** What has left alone is of a deployment. */
const placeOf = (host: string): string => (host === 'of_old' ? 'deployment=shop,' : '')

const lineOf = ({ measurement = 'cpu', tenant = 'default', host, ms, v }: Line) =>
  `${measurement},${placeOf(host)}host=${host},tenant=${tenant} v=${v},"w x"=${2 * v},note="n${v}",ok=${v % 2 === 0} ${ms}000000`.replaceAll(
    '"w x"',
    'w\\ x',
  )

/** A point in ten minutes, with whole numbers: sums of them are exact in any order. */
const pointsOf = (days: readonly number[], host: string): Line[] =>
  days.flatMap((ago) =>
    Array.from({ length: 24 }, (_, n) => ({
      host,
      ms: midnightMs - ago * dayMs + 12 * hourMs + n * 600_000,
      v: ((n * 7919 + ago * 31 + host.length) % 1000) - 500,
    })),
  )

async function write(store: MetricStore, lines: readonly Line[]): Promise<void> {
  for (const [tenant, own] of Map.groupBy(lines, (line) => line.tenant ?? 'default')) {
    const texts = own.map((line) => `${lineOf(line)}\n`)
    const starts = new Uint32Array(texts.length + 1)
    for (const [at, text] of texts.entries())
      starts[at + 1] = (starts[at] ?? 0) + Buffer.byteLength(text)
    expect(await store.write({ tenant, bytes: Buffer.from(texts.join('')), starts })).toEqual({
      refused: [],
    })
  }
}

async function rollUp(store: MetricStore): Promise<void> {
  const round = await store.rollUp?.(Date.now() + 600_000)
  expect(round?.failed).toEqual([])
  if (round?.waiting !== 0) await rollUp(store)
}

/** What the gateway owes of points that have left, whatever store keeps their rollups. */
export function rollupsContract(name: string, { open }: RollupsContract): void {
  describe(`rollups of ${name} through the gateway`, () => {
    let test: TestApi
    let store: MetricStore
    let authorization: string
    /** As long as every point was there. */
    const before = new Map<string, string>()

    const ask = async (q: string, more: Record<string, string> = {}, headers: object = {}) => {
      const search = new URLSearchParams({ db: 'warren', epoch: 'ms', q, ...more })
      const path = `/gateway/influxdb/query?${search}`
      const response = await test.fetch(path, { headers: { authorization, ...headers } })
      const { status } = response
      const resolution = response.headers.get('x-warren-resolution')
      const id = response.headers.get('x-request-id') ?? ''
      const cache = response.headers.get('x-warren-cache') ?? ''
      return { status, resolution, cache, id, text: await response.text() }
    }

    const askAnew = (q: string) => ask(q, {}, { 'cache-control': 'no-cache' })

    /** What the store gives up when three days are kept. */
    const leave = async () => {
      const kept = { tenant: 'default', rollupDays: { '5m': 300, '1h': 600 } }
      const left = `SELECT count(v) FROM cpu WHERE time < ${midnightMs - 4 * dayMs}ms`
      const retained = async () => {
        await store.retain({ ...kept, days: 3, nowMs: Date.now() })
        return JSON.parse((await askAnew(left)).text).results
      }
      const isGone = async () => expect(await retained()).toEqual([{ statement_id: 0 }])
      await vi.waitFor(isGone, { timeout: 60_000, interval: 200 })
    }

    beforeAll(async () => {
      store = await open()
      test = await openTestApi({}, { metricStore: store })
      authorization = `Bearer ${await test.tokenOf('viewer')}`
      const first = pointsOf(youngDays, 'of_both').slice(0, 1)
      const foreign = pointsOf([...oldDays, ...youngDays], 'of_both').map((line) => ({
        ...line,
        ...{ tenant: 'acme', v: 9_999_999 },
      }))
      for (const lines of [
        [...first, ...foreign.slice(-1)],
        [
          ...pointsOf([...oldDays, ...youngDays], 'of_both'),
          ...pointsOf(oldDays, 'of_old'),
          ...pointsOf(youngDays, 'of_young'),
          ...pointsOf(youngDays, 'a').map((line) => ({ ...line, measurement: 'mem' })),
          ...foreign,
        ],
      ]) {
        await write(store, lines)
        for (const tenant of ['default', 'acme'])
          await store.retain({ tenant, days: 30, nowMs: Date.now() })
      }
      await rollUp(store)
      for (const [q] of served) before.set(q, (await ask(q)).text)
      await test.catalog.retention.put('default', {
        ...{ metricsDays: 3, metrics5mDays: 300, metrics1hDays: 600, logsDays: 30 },
      })
      await leave()
      const isKnown = async () => expect((await askAnew(sixHours)).resolution).toBe('raw+1h')
      await vi.waitFor(isKnown, { timeout: 20_000, interval: 200 })
    }, 120_000)
    afterAll(async () => {
      await test.close()
      await store.close()
    })

    it.each(served)('answer as if no point had left: %s', async (q, policy) => {
      const { status, resolution, text } = await askAnew(q)
      expect([status, text]).toEqual([200, before.get(q)])
      expect(['raw', policy, `raw+${policy}`]).toContain(resolution)
      expect(text).toContain('"values":')
    })

    it('answer from both or from what is left, in every form of time, and say so', async () => {
      const first = midnightMs - 8 * dayMs
      const old = sixHours.replace(`${midnightMs}ms`, `${midnightMs - 4 * dayMs}ms`)
      const iso = `"${new Date(first).toISOString().slice(0, 19)}Z"`
      for (const [q, epoch, time, resolution] of [
        [sixHours, 's', `[${first / 1000},`, 'raw+1h'],
        [sixHours, '', `[${iso},`, 'raw+1h'],
        [old, 'ns', `[${first}000000,`, '1h'],
        [young, 'ms', '[', 'raw'],
        ['SELECT mean(v_max) FROM "5m".cpu; SELECT last(v) FROM cpu', 'ms', '[', 'raw+5m'],
      ] as const)
        expect(await ask(q, { epoch })).toMatchObject({
          ...{ status: 200, resolution },
          text: expect.stringContaining(time),
        })
      expect((await ask('SHOW MEASUREMENTS')).resolution).toBeNull()
    })

    it('are kept for a moment with what is said of them, and are in the insights', async () => {
      const q = sixHours.replace('mean', 'sum')
      const asked = await ask(q)
      expect(asked).toMatchObject({ resolution: 'raw+1h', cache: expect.stringMatching('miss') })
      const again = { resolution: 'raw+1h', text: asked.text, cache: expect.stringMatching('hit') }
      expect(await ask(q)).toMatchObject(again)
      const path = `/api/v1/query-insights/requests/${asked.id}`
      const response = await test.fetch(path, { headers: { authorization } })
      expect(await response.json()).toMatchObject({ items: [{ resolution: 'raw+1h' }] })
    })

    it('can be read by name, of the tenant alone', async () => {
      const startMs = midnightMs - 8 * dayMs + 12 * hourMs
      const from = (measurement: string) =>
        `SELECT mean(v_max) AS a, sum(v_count) AS b FROM ${measurement} WHERE time = ${startMs}ms AND host = 'of_old' GROUP BY host`
      for (const [q, more] of [
        [from('"warren"."5m"."cpu"'), {}],
        [from('cpu'), { rp: '5m' }],
      ] as const)
        expect(JSON.parse((await ask(q, more)).text)).toMatchObject({
          results: [{ series: [{ tags: { host: 'of_old' }, values: [[startMs, -246, 1]] }] }],
        })
      const both = 'SELECT last(v) FROM autogen.cpu; SHOW FIELD KEYS FROM cpu'
      expect(JSON.parse((await ask(both, { rp: '5m' })).text)).toMatchObject({
        results: [
          { series: [{ values: { length: 1 } }] },
          { series: [{ values: { length: 12 } }] },
        ],
      })
      expect((await ask('SHOW RETENTION POLICIES')).text).toContain('["5m","7200h0m0s"')
      expect((await ask('SELECT * FROM "1h"./.*/')).text).not.toMatch(/acme|9999999|tenant/)
      expect((await ask('SHOW MEASUREMENTS')).text).not.toMatch(/origins|5m/)
    })

    it.each(refused)('are not shown empty: %s', async (q, words) => {
      const { status, text } = await ask(q)
      const since = new Date(midnightMs - 3 * dayMs).toISOString().slice(0, 10)
      expect([status, text]).toEqual([422, expect.stringContaining(words)])
      expect(text).toContain(`points are kept from ${since}T00:00:00Z on`)
      expect(text).toMatch(/name a rollup: FROM \\"(5m|1h)\\"\./)
    })

    it.each(passed)('leave alone what has nothing older: %s', async (q) => {
      const { status, text } = await ask(q)
      expect([status, text]).toEqual([200, expect.not.stringContaining('"error"')])
    })

    it('leave what is no query to the store', async () => {
      const { status, text } = await ask(`SELECT mean(v), v FROM cpu WHERE ${whole}`)
      expect([status, text]).toEqual([400, expect.stringContaining('mixing aggregate')])
    })

    it('show who has grants what is granted, and refuse them nothing else', async () => {
      const median = sixHours.replace('mean', 'median')
      const asks = async (deployment: string) => {
        const token = await test.tokenOf('viewer', 'default', [deployment])
        const own = { authorization: `Bearer ${token}` }
        return [await ask(sixHours, {}, own), await ask(median, {}, own)]
      }
      const empty = { status: 200, resolution: 'raw', text: '{"results":[{"statement_id":0}]}\n' }
      expect(await asks('blog')).toMatchObject([empty, empty])
      const [shown, inVain] = await asks('shop')
      expect(shown).toMatchObject({ status: 200, resolution: '1h' })
      expect(JSON.parse(shown?.text ?? '')).toMatchObject({
        results: [{ series: [{ tags: { host: 'of_old' } }] }],
      })
      expect(inVain?.status).toBe(422)
    })

    it('answer no alert rule, which is told so', async () => {
      const { status, text } = await ask(sixHours, {}, { 'x-rule-uid': 'r' })
      expect([status, text]).toEqual([422, expect.stringContaining('alert rules')])
      expect((await ask(young, {}, { 'x-rule-uid': 'r' })).status).toBe(200)
    })

    it('answer what has left still when points are to be kept for longer', async () => {
      const median = sixHours.replace('mean', 'median')
      const keptFrom = async () => (await askAnew(median)).text.match(/kept from (\S+)/)?.[1] ?? ''
      const keep = (metricsDays: number) =>
        test.catalog.retention.put('default', {
          ...{ metricsDays, metrics5mDays: 300, metrics1hDays: 600, logsDays: 30 },
        })
      const [answer, since] = [(await askAnew(sixHours)).text, await keptFrom()]
      // Seen when the api knows it, as the next one is.
      await keep(2)
      await expect.poll(keptFrom, { timeout: 20_000, interval: 200 }).not.toBe(since)
      const short = await keptFrom()
      await keep(90)
      await expect
        .poll(keptFrom, { timeout: 40_000, interval: 200 })
        .not.toMatch(new RegExp(`^(${short})?$`))
      expect((await askAnew(sixHours)).text).toBe(answer)
      await keep(3)
      await expect.poll(keptFrom, { timeout: 20_000, interval: 200 }).toBe(since)
    }, 120_000)

    it('answer for points that would cost too much, to the last window that is made', async () => {
      const range = `time >= ${midnightMs - 2 * dayMs}ms AND time < ${midnightMs}ms`
      const [q, median] = ['max', 'median'].map(
        (call) => `SELECT ${call}(v) FROM cpu WHERE ${range} GROUP BY time(10m), host fill(none)`,
      )
      const [direct, inVain] = [await ask(q ?? ''), await ask(median ?? '')]
      expect([direct.status, direct.resolution, inVain.status]).toEqual([200, 'raw', 200])
      await test.catalog.queryLimits.put('default', { maxCost: 2.5 }, 0)
      const dear = async () => {
        const { status, resolution, text } = await askAnew(q ?? '')
        return { status, resolution, text }
      }
      const expected = { status: 200, resolution: 'raw+5m', text: direct.text }
      await expect.poll(dear, { timeout: 20_000, interval: 200 }).toEqual(expected)
      const refusal = await ask(median ?? '')
      expect([refusal.status, refusal.text]).toEqual([422, expect.stringContaining('maxCost')])
    })
  })
}
