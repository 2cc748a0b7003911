import { parseQuery } from '@warren/influxql/parse'
import { scopeStatement } from '@warren/influxql/scope'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RollupDays } from '../rollup-policies.ts'
import { day, lineOf, newTenant, second, toBatch } from './metric-store.context.contract.ts'
import type { MetricStore } from './metric-store.ts'

export interface RollupsContract {
  /** A store on data that stay; `now` is when points come. */
  open(now: () => number): Promise<MetricStore>
}

type Sent = { readonly host: string; readonly timeNs: bigint; readonly v: number }

/** Noon of yesterday: stores that go by the clock of their server take points of it. */
const noon = (BigInt(Date.now()) / 86_400_000n) * day - day / 2n
const atNoonMs = Number(noon / 1_000_000n)

/** Of the two hours until some noon, one point every 40 seconds and host. */
export const series = (daysAgo: bigint, seed = 0): Sent[] =>
  ['a', 'b'].flatMap((host, at) =>
    Array.from({ length: 180 }, (_, n) => ({
      host,
      timeNs: noon - daysAgo * day - 7200n * second + BigInt(n) * 40n * second,
      v: ((n * 7919 + at * 31 + seed) % 1000) - 500,
    })),
  )

const lines = (points: readonly Sent[], tenant: string) =>
  points.map(({ host, timeNs, v }) =>
    lineOf({
      measurement: 'cpu',
      tags: { tenant, host },
      fields: { v, 'w x': 2 * v, ok: v % 2 === 0, note: `n${v}` },
      timeNs,
    }),
  )

const fields = 'v_min, v_max, v_sum, v_count, v_last, "w x_sum", ok_last, note_last'

/** What a rollup must have of one host, from what was sent alone. */
function expected(points: readonly Sent[], host: string, width: bigint): unknown[] {
  const byTime = new Map<bigint, number>()
  for (const point of points) if (point.host === host) byTime.set(point.timeNs, point.v)
  const windows = new Map<bigint, number[]>()
  for (const [timeNs, v] of [...byTime].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const start = timeNs - (timeNs % width)
    windows.set(start, [...(windows.get(start) ?? []), v])
  }
  return [...windows].map(([start, values]) => {
    const last = values.at(-1) ?? 0
    const sum = values.reduce((a, b) => a + b, 0)
    const numbers = [Math.min(...values), Math.max(...values), sum, values.length, last, 2 * sum]
    return [Number(start), ...numbers, last % 2 === 0, `n${last}`]
  })
}

/** Rollups of one store under a clock of their own. */
class Rig {
  store!: MetricStore
  /** Later than any window of yesterday's noon. */
  nowMs = Date.now()
  readonly #contract: RollupsContract

  constructor(contract: RollupsContract) {
    this.#contract = contract
  }

  async open(): Promise<void> {
    this.store = await this.#contract.open(() => this.nowMs)
  }

  async write(tenant: string, points: readonly Sent[]): Promise<void> {
    expect(await this.store.write(toBatch(tenant, lines(points, tenant)))).toEqual({ refused: [] })
  }

  retain(tenant: string, days = 30, rollupDays?: RollupDays): Promise<readonly string[]> {
    return this.store.retain({ tenant, days, rollupDays, nowMs: this.nowMs })
  }

  /** Some minutes later, rounds until nothing waits. Answers how many windows were made. */
  async rollUp(): Promise<number> {
    this.nowMs += 10 * 60_000
    let windows = 0
    for (;;) {
      const round = await this.store.rollUp?.(this.nowMs)
      if (round === undefined) throw new Error('BUG: this store rolls up')
      expect(round.failed).toEqual([])
      windows += round.windows
      if (round.waiting > 0) continue
      expect(round.waitingSinceMs).toBeUndefined()
      return windows
    }
  }

  async ask(tenant: string, text: string) {
    const [result] = await this.store.query({
      tenant,
      statements: parseQuery(text).map((each) =>
        scopeStatement(each, { database: 'warren', tenant }),
      ),
      epoch: 'ns',
      nowNs: noon,
      signal: new AbortController().signal,
    })
    expect(result?.error).toBeUndefined()
    return result?.series ?? []
  }

  async expectRollups(tenant: string, points: readonly Sent[]): Promise<void> {
    for (const [policy, width] of [
      ['5m', 300n * second],
      ['1h', 3600n * second],
    ] as const)
      for (const host of ['a', 'b']) {
        const text = `SELECT ${fields} FROM "${policy}"."cpu" WHERE host = '${host}'`
        const [found] = await this.ask(tenant, text)
        const values = (found?.values ?? []).map(([time, ...rest]) => [Number(time), ...rest])
        expect(values).toEqual(expected(points, host, width))
      }
  }
}

/** What rollups of every store owe. */
export function rollupsContract(type: string, contract: RollupsContract): void {
  describe(`rollups of ${type}`, () => {
    const rig = new Rig(contract)
    beforeAll(() => rig.open())
    afterAll(() => rig.store.close())

    test('are min, max, sum, count and last of each window, and again after late points', async () => {
      const tenant = newTenant()
      expect(await rig.ask(tenant, 'SELECT v_min FROM "5m".cpu')).toEqual([])
      const sent = [0n, 1n, 4n].flatMap((ago) => series(ago))
      await rig.write(tenant, sent)
      await rig.retain(tenant)
      expect(await rig.rollUp()).toBeGreaterThanOrEqual(3 * (24 + 2))
      await rig.expectRollups(tenant, sent)
      expect(await rig.store.rollUp?.(rig.nowMs)).toMatchObject({ windows: 0, waiting: 0 })
      // A new time, other values of points that were there, and one sent twice.
      const [first] = sent
      const late = [
        ...series(1n, 5).slice(0, 40),
        { host: 'a', timeNs: noon - 4n * day - 100n * second + 1n, v: 9000 },
      ]
      await rig.write(tenant, late)
      if (first !== undefined) await rig.write(tenant, [first])
      expect(await rig.rollUp()).toBeGreaterThan(0)
      await rig.expectRollups(tenant, [...sent, ...late])
    })

    test('are made when a window is over, also of one that was begun before a restart', async () => {
      const tenant = newTenant()
      rig.nowMs = atNoonMs - 200_000
      const border = noon - 200n * second
      const early = series(0n).filter(({ timeNs }) => timeNs < border)
      await rig.write(tenant, early)
      await rig.retain(tenant)
      expect(await rig.store.rollUp?.(rig.nowMs)).toMatchObject({ waiting: 0 })
      await rig.store.close()
      await rig.open()
      await rig.write(
        tenant,
        series(0n).filter(({ timeNs }) => timeNs >= border),
      )
      await rig.rollUp()
      await rig.expectRollups(tenant, series(0n))
      rig.nowMs = Date.now()
    })

    test('of points that came late are made after a restart, too', async () => {
      const tenant = newTenant()
      await rig.write(tenant, series(0n))
      await rig.retain(tenant)
      await rig.rollUp()
      await rig.write(tenant, series(3n))
      await rig.store.close()
      await rig.open()
      await rig.rollUp()
      await rig.expectRollups(tenant, [...series(3n), ...series(0n)])
    })

    test('are of one tenant each, and answer what a panel asks', async () => {
      const [tenant, other] = [newTenant(), newTenant()]
      await rig.write(tenant, series(0n))
      await rig.retain(tenant)
      await rig.retain(other)
      await rig.rollUp()
      const mean = 'SELECT sum(v_sum) / sum(v_count) FROM "5m"."cpu"'
      const raw = await rig.ask(tenant, 'SELECT mean(v) FROM cpu')
      const [found] = await rig.ask(tenant, mean)
      expect(found?.values[0]?.[1]).toBeCloseTo(Number(raw[0]?.values[0]?.[1]), 9)
      expect(await rig.ask(other, mean)).toEqual([])
      const hosts = await rig.ask(tenant, 'SHOW TAG VALUES FROM "1h"."cpu" WITH KEY = host')
      expect(hosts[0]?.values).toEqual([
        ['host', 'a'],
        ['host', 'b'],
      ])
      const keys = (await rig.ask(tenant, 'SHOW FIELD KEYS FROM "5m"."cpu"'))[0]?.values
      expect(keys?.map(([name]) => name)).toEqual(
        ['v', 'w x']
          .flatMap((field) => ['count', 'last', 'max', 'min', 'sum'].map((a) => `${field}_${a}`))
          .concat(['note_last', 'ok_last'])
          .sort(),
      )
      const policies = (await rig.ask(tenant, 'SHOW RETENTION POLICIES'))[0]?.values
      expect(policies?.map(([name, kept]) => [name, kept]).slice(1)).toEqual([
        ['5m', '4320h0m0s'],
        ['1h', '17520h0m0s'],
      ])
    })

    test('are kept as long as the tenant says, also of points that leave before a round', async () => {
      const tenant = newTenant()
      await rig.write(tenant, series(0n).slice(0, 1))
      await rig.retain(tenant)
      await rig.write(tenant, [...series(0n), ...series(20n)])
      await rig.retain(tenant, 3, { '5m': 40, '1h': 400 })
      await rig.rollUp()
      await rig.retain(tenant, 3, { '5m': 300, '1h': 600 })
      const policies = (await rig.ask(tenant, 'SHOW RETENTION POLICIES'))[0]?.values
      expect(policies?.map(([name, kept]) => [name, kept]).slice(1)).toEqual([
        ['5m', '7200h0m0s'],
        ['1h', '14400h0m0s'],
      ])
      await rig.expectRollups(tenant, [...series(20n), ...series(0n)])
    })

    test('stay as they are where late points come after the others have left, and take what is new', async () => {
      const tenant = newTenant()
      await rig.write(tenant, series(0n).slice(0, 1))
      await rig.retain(tenant)
      // InfluxDB drops whole weeks from Monday on: on any weekday theirs is over for longer than two days.
      const sent = series(13n)
      await rig.write(tenant, sent)
      await rig.rollUp()
      const left = `SELECT v FROM cpu WHERE time < ${noon - 11n * day}`
      // A day that is in use goes with the next call, as `retain` says.
      const retained = () => rig.retain(tenant, 2).then(() => rig.ask(tenant, left))
      await expect.poll(retained, { timeout: 20_000 }).toEqual([])
      await rig.retain(tenant, 30)
      const earlier = sent.map((point) => ({ ...point, timeNs: point.timeNs - 10_800n * second }))
      const [first] = sent
      const unknown = { host: 'c', timeNs: first?.timeNs ?? 0n, v: 4 }
      await rig.write(tenant, [...earlier, unknown, ...series(13n, 77).slice(0, 3)])
      await rig.rollUp()
      await rig.expectRollups(tenant, [...earlier, ...sent, ...series(0n).slice(0, 1)])
      const [found] = await rig.ask(tenant, `SELECT v_sum, v_count FROM "1h".cpu WHERE host = 'c'`)
      expect(found?.values.map((row) => row.slice(1))).toEqual([[4, 1]])
    })
  })
}
