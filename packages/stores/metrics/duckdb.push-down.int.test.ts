import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { evaluateStatement } from '@warren/influxql/evaluate/evaluate'
import type { SeriesSource } from '@warren/influxql/evaluate/source'
import { parseQuery } from '@warren/influxql/parse'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { DayFiles } from '../duckdb/day-files.ts'
import { type Engine, onConnection, openEngine } from '../duckdb/engine.ts'
import { type MetricFileState, newFileState } from './duckdb/file-state.ts'
import { readKeptSlots } from './duckdb/kept-sums/kept-sums.ts'
import { prepareFile } from './duckdb/prepare-file.ts'
import { SeriesCache } from './duckdb/series-cache.ts'
import { DayFileSource } from './duckdb/source.ts'
import { batchOfLines } from './duckdb/testing.ts'
import { duckdb } from './duckdb.ts'
import type { MetricStore } from './metric-store.ts'

const midnightMs = Date.parse('2026-03-04T00:00:00Z')
/** Points on either side of midnight. */
const sideMs = 1_200_000

/** A repeatable stream of numbers in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

type Random = () => number
const pick = <T>(random: Random, items: readonly T[]): T =>
  items[Math.floor(random() * items.length)] as T

/** Decimals, floats of any size that cancel each other, zeros of either sign, and integers, of which those of `big` wrap around when they are added. */
function fieldsOf(random: Random): string {
  const wide = (random() - 0.5) * 10 ** Math.floor(random() * 24 - 12)
  const zero = pick(random, ['0', '1', '0', '2'])
  const fields = [`dec=${Math.round(random() * 1e5) / 1000}`, `wide=${wide}`, `zero=${zero}`]
  fields.push(`int=${Math.floor(random() * 100) - 50}i`)
  const big = BigInt(Math.floor((random() - 0.5) * 2 ** 53)) * 2039n
  if (random() < 0.3) fields.push(`big=${big}i`)
  if (random() < 0.3) fields.push(`rare=${random()}`, `signed=${pick(random, ['-0', '0', '-1'])}`)
  return fields.join(',')
}

/** Region eu-2 has one host only, and some hosts begin late: buckets with one series are among those with several. */
function* lines(random: Random): Generator<string> {
  for (let ms = midnightMs - sideMs; ms < midnightMs + sideMs; ms += 10_000)
    for (let host = 0; host < 21; host++) {
      const share = host % 5 === 0 ? 0.1 : 0.9
      if (random() < share) yield lineOf(random, host, ms)
    }
}

function lineOf(random: Random, host: number, ms: number): string {
  const region = host === 20 ? 'eu-2' : `eu-${host % 2}`
  const lateMs = random() < 0.05 ? 100_000 : 0
  return `load,host=h${host},region=${region} ${fieldsOf(random)} ${ms - lateMs + host}000000`
}

let dataDir = ''
let engine: Engine
let files: DayFiles<MetricFileState>

beforeAll(async () => {
  dataDir = await makeTempDir('push-down')
  const store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  const all = [...lines(randomFrom(1))]
  for (let at = 0; at < all.length; at += 500) {
    await store.write(batchOfLines(all.slice(at, at + 500)))
    // Some come twice, with other values.
    if (at % 1500 === 0)
      await store.write(batchOfLines([...all.slice(Math.max(0, at - 40), at + 10)].reverse()))
  }
  // Of most windows sums are kept; of some a point came since.
  await rollUp(store)
  await store.write(batchOfLines([1000, 3500].map((at) => changed(all[at] ?? ''))))
  await store.close()
  engine = await openEngine({ memoryLimitMb: 96, threads: 2, spillDir: join(dataDir, 'spill') })
  files = new DayFiles<MetricFileState>({
    dir: join(dataDir, 'metrics'),
    connection: await engine.connect(),
    maxIdle: 4,
    prepare: async (file) => {
      await onConnection(engine, (connection) => prepareFile(connection, file))
      return newFileState()
    },
  })
})

async function rollUp(store: MetricStore): Promise<void> {
  for (;;) {
    const round = await store.rollUp?.(midnightMs + 86_400_000)
    expect(round?.failed).toEqual([])
    if (round?.waiting === 0) return
  }
}

/** The same point with another value. */
const changed = (line: string): string => line.replace('dec=', 'dec=1')

afterAll(async () => {
  await files.close()
  engine.close()
  await removeTempDir(dataDir)
})

/** Answers twice: aggregated by SQL where that can be, and from the values. */
async function askTwice(text: string) {
  const connection = await engine.connect()
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('BUG: there is a statement')
  const source = new DayFileSource({
    ...{ tenant: 'default', files, spanDays: 1, connection, cache: new SeriesCache() },
    ...{ maxPoints: 1_000_000, signal: new AbortController().signal },
  })
  let isPushed = false
  const reading: SeriesSource = {
    measurements: () => source.measurements(),
    fields: (measurement, range) => source.fields(measurement, range),
    days: () => source.days(),
    series: (measurement, minNs, maxNs) => source.series(measurement, minNs, maxNs),
    scan: (request) => source.scan(request),
  }
  const pushing: SeriesSource = {
    ...reading,
    aggregate: async (request) => {
      const groups = await source.aggregate(request)
      isPushed = groups !== undefined
      return groups
    },
  }
  const ask = async (from: SeriesSource) =>
    JSON.stringify(
      await evaluateStatement(statement, {
        ...{ source: from, nowNs: BigInt(midnightMs + sideMs) * 1_000_000n, epoch: 'ns' },
      }),
      (_, value) => (Object.is(value, -0) ? '-0' : typeof value === 'bigint' ? `${value}n` : value),
    )
  try {
    return { pushed: await ask(pushing), read: await ask(reading), isPushed }
  } finally {
    connection.closeSync()
  }
}

function queryOf(random: Random): string {
  const fields = ['dec', 'wide', 'zero', 'rare', 'signed', 'int', 'int', 'big', 'none']
  const names = ['count', 'sum', 'mean', 'min', 'max', 'spread', 'median']
  const calls = Array.from(
    { length: 1 + Math.floor(random() * 2) },
    () => `${pick(random, names)}("${pick(random, fields)}")`,
  )
  const fromMs = midnightMs - sideMs + Math.floor(random() * sideMs)
  const toMs = fromMs + Math.floor(random() * 2 * sideMs)
  const where = pick(random, ['', '', ` AND "region" = 'eu-1'`, ` AND "host" =~ /h1./`])
  const width = pick(random, ['10s', '1m', '1m', '5m', '7m', '1h', '1d'])
  const group = pick(random, ['', '', ', "region"', ', "host"', ', "nothing"'])
  const fill = pick(random, ['', ' fill(none)', ' fill(previous)', ' fill(0)', ' fill(linear)'])
  const order = pick(random, ['', '', ' ORDER BY time DESC', ' LIMIT 3', ' SLIMIT 1'])
  const zone = pick(random, ['', '', ` tz('Europe/Berlin')`])
  return `SELECT ${calls.join(', ')} FROM "load" WHERE time >= ${fromMs}ms AND time < ${toMs}ms${where} GROUP BY time(${width})${group}${fill}${order}${zone}`
}

test('what SQL aggregates is to the last bit what is made of the values', async () => {
  const random = randomFrom(2)
  let pushedCount = 0
  const count = 200
  for (let number = 0; number < count; number++) {
    const text = queryOf(random)
    const { pushed, read, isPushed } = await askTwice(text)
    expect(pushed, text).toBe(read)
    if (isPushed) pushedCount += 1
  }
  expect(pushedCount).toBeGreaterThan(count / 5)
}, 120_000)

const sumsOfHours = `SELECT sum("dec"), count("dec"), max("dec") FROM "load" WHERE time >= ${midnightMs - sideMs}ms AND time < ${midnightMs + sideMs}ms GROUP BY time(5m), region`

test('sums that are kept are asked instead of values, unless a point came since or they are no sums', async () => {
  const connection = await engine.connect()
  const lease = await files.leaseForRead('default', midnightMs / 86_400_000)
  if (lease === undefined) throw new Error('BUG: there is a file of the day')
  onTestFinished(() => {
    connection.closeSync()
    lease.release()
  })
  const sums = `${lease.name}.sums`
  const before = await askTwice(sumsOfHours)
  expect(before.pushed).toBe(before.read)
  expect(before.isPushed).toBe(true)
  await connection.run(`CREATE TEMP TABLE kept AS FROM ${sums}`)
  await connection.run(`UPDATE ${sums} SET part = part + 1`)
  const [changed, known] = [await askTwice(sumsOfHours), await windowsOf(connection, lease.name)]
  expect(changed.read).toBe(before.read)
  expect(differences(changed.pushed, changed.read)).toBeGreaterThan(known.length / 2)
  await connection.run(`UPDATE ${sums} SET rest = 'NaN'`)
  expect((await askTwice(sumsOfHours)).pushed).toBe(before.read)
  await connection.run(`DELETE FROM ${sums}; INSERT INTO ${sums} FROM kept`)
  expect((await askTwice(sumsOfHours)).pushed).toBe(before.read)
})

const windowsOf = async (connection: DuckDBConnection, name: string) =>
  [...(await readKeptSlots({ connection, name }))].sort((a, b) => a - b)

/** Rows that are not the same. */
function differences(one: string, other: string): number {
  const rows = (text: string) =>
    (JSON.parse(text) as { series: { values: unknown[] }[] }).series.flatMap(({ values }) => values)
  const others = rows(other)
  return rows(one).filter((row, at) => JSON.stringify(row) !== JSON.stringify(others[at])).length
}

test('a sum over series is the same with any order of them, and one of a single series that of InfluxDB', async () => {
  const range = `time >= ${midnightMs - sideMs}ms AND time < ${midnightMs}ms`
  const { pushed, isPushed } = await askTwice(
    `SELECT sum("dec"), mean("wide") FROM "load" WHERE ${range} GROUP BY time(5m)`,
  )
  expect(isPushed).toBe(true)
  expect(JSON.parse(pushed).series[0].values).toHaveLength(4)
})
