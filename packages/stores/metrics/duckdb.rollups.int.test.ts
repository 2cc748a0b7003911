import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { databaseOf } from '@warren/contracts/names'
import { parseQuery } from '@warren/influxql/parse'
import { scopeStatement } from '@warren/influxql/scope'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { StoredDay } from '../retention.ts'
import { duckdb } from './duckdb.ts'
import { day, lineOf, newTenant, noon, second, toBatch } from './metric-store.context.contract.ts'
import type { MetricStore, RollupRound } from './metric-store.ts'

const nowMs = Number(noon / 1_000_000n)
const dayMs = 86_400_000

const dataDir = mkdtempSync(join(tmpdir(), 'warren-rollups-'))
let store: MetricStore
/** Of the test. */
let tenant: string
const open = async () => {
  store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
}
beforeAll(open)
beforeEach(() => {
  tenant = newTenant()
})
afterAll(async () => {
  await store.close()
  rmSync(dataDir, { recursive: true })
})

type Sent = { readonly host: string; readonly timeNs: bigint; readonly v: number }

const lines = (points: readonly Sent[]) =>
  points.map(({ host, timeNs, v }) =>
    lineOf({
      measurement: 'cpu',
      tags: { tenant, host },
      fields: { v, ok: v % 2 === 0, note: `n${v}` },
      timeNs,
    }),
  )
const write = (points: readonly Sent[], of = tenant) => store.write(toBatch(of, lines(points)))

/** Of the two hours until noon of some day, one point every 40 seconds and host. */
const series = (daysAgo: bigint, seed = 0): Sent[] =>
  ['a', 'b'].flatMap((host, at) =>
    Array.from({ length: 180 }, (_, n) => ({
      host,
      timeNs: noon - daysAgo * day - 7200n * second + BigInt(n) * 40n * second,
      v: ((n * 7919 + at * 31 + seed) % 1000) - 500,
    })),
  )

/** Rounds until nothing waits. */
async function rollUp(atMs = nowMs + 60_000): Promise<RollupRound> {
  const total = { windows: 0, waiting: 0, failed: [] as readonly string[] }
  for (;;) {
    const round = await store.rollUp?.(atMs)
    if (round === undefined) throw new Error('BUG: this store rolls up')
    total.windows += round.windows
    total.failed = [...total.failed, ...round.failed]
    if (round.waiting === 0 || round.failed.length > 0) return total
  }
}

/** Who writes may hold the file. */
const inUse = ({ message }: Error) => expect(message).toContain('is in use')

/** The windows of the 5m and the 1h policy that hold a point. */
async function countWindows(): Promise<readonly number[]> {
  const counts = ['5m', '1h'].map(async (policy) => {
    const [found] = await ask(`SELECT v_count FROM "${policy}".cpu WHERE host = 'a'`)
    return found?.values.length ?? 0
  })
  return Promise.all(counts)
}

async function ask(text: string, of = tenant) {
  const [result] = await store.query({
    tenant: of,
    statements: parseQuery(text).map((each) =>
      scopeStatement(each, { database: 'warren', tenant: of }),
    ),
    epoch: 'ns',
    nowNs: noon,
    signal: new AbortController().signal,
  })
  expect(result?.error).toBeUndefined()
  return result?.series ?? []
}

const fields = 'v_min, v_max, v_sum, v_count, v_last, ok_last, note_last'

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
    const numbers = [Math.min(...values), Math.max(...values), sum, values.length, last]
    return [Number(start), ...numbers, last % 2 === 0, `n${last}`]
  })
}

async function expectRollups(points: readonly Sent[], of = tenant) {
  for (const [policy, width] of [
    ['5m', 300n * second],
    ['1h', 3600n * second],
  ] as const)
    for (const host of ['a', 'b']) {
      const [found] = await ask(
        `SELECT ${fields} FROM "${policy}"."cpu" WHERE host = '${host}'`,
        of,
      )
      const values = (found?.values ?? []).map(([time, ...rest]) => [Number(time), ...rest])
      expect(values).toEqual(expected(points, host, width))
    }
}

/** Rollups as such: metric-store.rollups.contract.ts. */

test('rolls up days that were stored before there were rollups', async () => {
  await write(series(2n))
  await store.close()
  const folder = join(dataDir, 'metrics', databaseOf(tenant))
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.duckdb'))) {
    const instance = await DuckDBInstance.create(join(folder, name))
    const connection = await instance.connect()
    await connection.run('DROP TABLE stale; DROP TABLE origin')
    connection.closeSync()
    instance.closeSync()
  }
  await open()
  await rollUp()
  await expectRollups(series(2n))
})

test('a day leaves when it is rolled up, and what comes for it later fills only what is absent', async () => {
  const sent = series(3n)
  await write(sent)
  expect(await store.retain({ tenant, days: 1, nowMs })).toEqual(['the day 2026-02-28'])
  expect(await ask('SELECT v FROM cpu')).toEqual([])
  await expectRollups(sent)
  const absent = sent.map((point) => ({ ...point, timeNs: point.timeNs - 10_800n * second }))
  await write([...absent.slice(0, 100), ...series(3n, 77).slice(0, 3)])
  await rollUp()
  // The rest of a window that is there because of the points before it.
  await write([...absent.slice(100), ...series(3n, 78).slice(0, 3)])
  expect(await store.retain({ tenant, days: 1, nowMs })).toEqual(['the day 2026-02-28'])
  await expectRollups([...absent, ...sent])
  await write(absent.slice(0, 3).map((point) => ({ ...point, v: 9000 })))
  await store.retain({ tenant, days: 1, nowMs })
  await expectRollups([...absent, ...sent])
})

test('a day that is written to while it leaves leaves no point out', async () => {
  const old = noon - 5n * day
  const points = Array.from({ length: 40 }, (_, n) => ({
    ...{ host: 'a', v: n },
    timeNs: old + BigInt(n) * 300n * second,
  }))
  let isWritten = false
  const writing = async () => {
    // The latest first: a round that has passed a window does not come back to it.
    for (const [at, point] of points.toReversed().entries()) {
      await write([point])
      await delay(at % 8)
    }
    isWritten = true
  }
  const leaving = async () => {
    while (!isWritten) await store.retain({ tenant, days: 1, nowMs }).catch(inUse)
  }
  await Promise.all([writing(), leaving()])
  await store.retain({ tenant, days: 1, nowMs })
  const [found] = await ask('SELECT v_last, v_count FROM "5m".cpu')
  expect(found?.values.map((row) => row.slice(1))).toEqual(points.map(({ v }) => [v, 1]))
})

test('a day that cannot be rolled up stays, says so, and is rolled up later', async () => {
  const sent = series(3n)
  await write(sent)
  const folder = join(dataDir, 'metrics', 'rollups-5m', databaseOf(tenant))
  writeFileSync(folder, 'in the way')
  const round = await store.rollUp?.(nowMs)
  expect(round).toMatchObject({ waiting: 1, failed: [expect.stringContaining(tenant)] })
  expect(round?.waitingSinceMs).toBeGreaterThan(0)
  await expect(store.retain({ tenant, days: 1, nowMs })).rejects.toThrow()
  expect((await ask('SELECT count(v) FROM cpu'))[0]?.values[0]?.[1]).toBe(sent.length)
  rmSync(folder)
  expect(await store.retain({ tenant, days: 1, nowMs })).toEqual(['the day 2026-02-28'])
  await expectRollups(sent)
  expect((await store.rollUp?.(nowMs))?.waitingSinceMs).toBeUndefined()
})

test('each tenant keeps rollups as long as it says, never less than points, and longer without loss', async () => {
  await write([0n, 20n, 100n, 150n, 400n].flatMap((ago) => series(ago)))
  await rollUp()
  const retain = (days: number, fine: number, coarse: number) =>
    store.retain({ tenant, days, nowMs, rollupDays: { '5m': fine, '1h': coarse } })
  await retain(10, 120, 300)
  expect(await countWindows()).toEqual([24 * 3, 2 * 4])
  expect((await ask('SHOW RETENTION POLICIES'))[0]?.values.map(([, kept]) => kept)).toEqual([
    ...['0s', '2880h0m0s', '7200h0m0s'],
  ])
  await retain(10, 180, 730)
  await retain(110, 1, 1)
  expect(await countWindows()).toEqual([24 * 3, 2 * 3])
  await retain(10, 10, 300)
  expect(await countWindows()).toEqual([24, 2 * 3])
})

test('on a full disk rollups go after every day of points, the finer ones first', async () => {
  const { disk } = store
  await write([0n, 100n, 150n].flatMap((ago) => series(ago)))
  await rollUp()
  expect(await store.pointsSince?.(tenant)).toBeUndefined()
  const gone: StoredDay[] = []
  const since: (number | undefined)[] = []
  for (;;) {
    // What other tests have left stays.
    const oldest = await disk?.oldest({ before: '2026-03-03', except: gone })
    if (oldest === undefined) break
    gone.push(oldest)
    if (oldest.tenant !== tenant) continue
    await disk?.drop(oldest)
    since.push(await store.pointsSince?.(tenant))
  }
  const own = gone.filter((one) => one.tenant === tenant)
  expect(own.map(({ day, rollup }) => `${rollup ?? 'points'} ${day}`)).toEqual([
    ...['points 2025-10-04', 'points 2025-11-23'],
    ...['5m 2025-10-04', '5m 2025-11-23'],
    ...['1h 2025-09-09', '1h 2025-11-08'],
  ])
  expect(await countWindows()).toEqual([24, 2])
  const [first, second] = ['2025-10-05', '2025-11-24'].map((day) => Date.parse(day))
  expect(since.slice(0, 3)).toEqual([first, second, second])
})

test('rollups outlive their points and then leave in files', async () => {
  await write([...series(0n), ...series(100n), ...series(400n)])
  await rollUp()
  await store.retain({ tenant, days: 30, nowMs })
  const pointsOf = async (policy: string) => {
    const [found] = await ask(`SELECT sum(v_count) FROM "${policy}".cpu`)
    return found?.values[0]?.[1]
  }
  expect(await pointsOf('5m')).toBe(720)
  expect(await pointsOf('1h')).toBe(1080)
  const [measurements] = await ask('SHOW MEASUREMENTS WITH MEASUREMENT = "1h"."cpu"')
  expect(measurements?.values).toEqual([['cpu']])
  const gone = await store.retain({ tenant, days: 30, nowMs: nowMs + 700 * dayMs })
  expect(gone).toContainEqual('the 1h rollups of 60 days from 2025-01-12')
  expect(await pointsOf('5m')).toBeUndefined()
  expect(await pointsOf('1h')).toBe(360)
})
