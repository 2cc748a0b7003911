import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Value } from '@warren/influxql/answers/result'
import { parseQuery } from '@warren/influxql/parse'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { duckdb } from './duckdb.ts'
import { toBatch } from './metric-store.context.contract.ts'
import type { MetricStore } from './metric-store.ts'

const dayNs = 86_400_000_000_000n
const second = 1_000_000_000n
const first = 1_772_496_000_000_000_000n
const nextDay = first + dayNs

let dataDir: string
let store: MetricStore
const open = () => duckdb.create(duckdb.settings.parse({}), { dataDir })
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-integers-'))
  store = await open()
})
afterEach(async () => {
  await store.close()
  await rm(dataDir, { recursive: true })
})

async function write(...lines: string[]): Promise<string[]> {
  const { refused } = await store.write(toBatch('one', lines))
  return refused.map(({ reason }) => reason)
}

async function rows(text: string): Promise<readonly (readonly Value[])[]> {
  const [result] = await store.query({
    tenant: 'one',
    statements: parseQuery(text),
    epoch: 'ns',
    nowNs: nextDay + dayNs,
    signal: new AbortController().signal,
  })
  expect(result?.error).toBeUndefined()
  return (result?.series?.[0]?.values ?? []).map((row) => row.slice(1))
}

/** Makes of each file what a version that had no integers left behind. */
async function rewindLayout(): Promise<void> {
  await store.close()
  const folder = join(dataDir, 'metrics')
  const files = (await readdir(folder, { recursive: true })).filter((name) =>
    name.endsWith('.duckdb'),
  )
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    const instance = await DuckDBInstance.create(join(folder, file))
    const connection = await instance.connect()
    await connection.run(
      'DROP TABLE integers; DROP TABLE IF EXISTS sums; DROP TABLE IF EXISTS summed; UPDATE layout SET version = 1; UPDATE fields SET kind = 0 WHERE kind = 3',
    )
    connection.closeSync()
    instance.closeSync()
  }
  store = await open()
}

const edges = [
  0n,
  -1n,
  2n ** 31n,
  -(2n ** 32n),
  2n ** 53n - 1n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
]

test('integers come back with every digit, in any order, after a restart and written again', async () => {
  const lines = edges.map((value, at) => `m v=${value}i ${first + BigInt(at) * second}`)
  expect(await write(...lines)).toEqual([])
  expect(await write(...lines.toReversed().map((line) => line.replace('v=0i', 'v=5i')))).toEqual([])
  await store.close()
  store = await open()
  expect(await write(`m v=9i ${first - second}`, ...lines)).toEqual([])
  expect((await rows('SELECT v FROM m')).flat().map((value) => BigInt(value as bigint))).toEqual([
    9n,
    ...edges,
  ])
  expect(await rows('SHOW FIELD KEYS FROM m')).toEqual([['integer']])
  expect(await rows('SELECT max(v), min(v) FROM m')).toEqual([[2n ** 63n - 1n, -(2n ** 63n)]])
})

test('a field is an integer or a float, as it was first written', async () => {
  expect(await write(`m v=1i,w=1 ${first}`)).toEqual([])
  const conflict = (field: string, type: string, known: string) =>
    `field type conflict: input field "${field}" on measurement "m" is type ${type}, already exists as type ${known}`
  expect(await write(`m v=2 ${first}`, `m w=2i ${nextDay}`, `m v="2" ${first}`)).toEqual([
    conflict('v', 'float', 'integer'),
    conflict('w', 'integer', 'float'),
    conflict('v', 'string', 'integer'),
  ])
  expect(await rows('SELECT v, w FROM m')).toEqual([[1, 1]])
})

test('a file from before integers were kept takes both as floats; later days have the type that comes first', async () => {
  const early = Array.from({ length: 6 }, (_, at) => `m,host=h${at} v=${at} ${first + BigInt(at)}`)
  await write(...early, `m text="kept" ${first}`)
  await rewindLayout()
  expect(
    await write(`m,host=h0 v=7i,n=7i ${first + second}`, `m,host=h0 v=0.5 ${first + 2n * second}`),
  ).toEqual([])
  expect(await rows('SHOW FIELD KEYS FROM m')).toEqual([['integer'], ['string'], ['float']])
  const late = Array.from(
    { length: 6 },
    (_, at) => `m,host=h${at} v=${10 + at}i ${nextDay + BigInt(at)}`,
  )
  expect(await write(...late)).toEqual([])
  expect(await write(`m v=1.5 ${nextDay}`)).toHaveLength(1)
  expect(await write(`m v=1.5,n=8i ${first + 3n * second}`)).toEqual([])
  // Of days that differ, integers are read as floats; aggregated in SQL or not.
  const all = [0, 1, 2, 3, 4, 5, 7, 0.5, 1.5, 10, 11, 12, 13, 14, 15]
  expect((await rows('SELECT v FROM m')).flat()).toEqual(all)
  const range = `time >= ${first} AND time < ${nextDay + dayNs}`
  expect(await rows(`SELECT sum(v), max(v) FROM m WHERE ${range} GROUP BY time(1d)`)).toEqual([
    [24, 7],
    [75, 15],
  ])
  // Also of a day of integers beside the others.
  const ofNextDay = `time >= ${nextDay} AND time < ${nextDay + dayNs}`
  expect(await rows(`SELECT mean(v), max(v) FROM m WHERE ${ofNextDay}`)).toEqual([[12.5, 15]])
  expect(await rows(`SELECT mean(v), max(v) FROM m WHERE ${ofNextDay} GROUP BY time(1d)`)).toEqual([
    [12.5, 15],
  ])
  expect(await rows(`SELECT v FROM m WHERE time >= ${nextDay} AND host = 'h0'`)).toEqual([[10]])
  expect(await rows(`SELECT sum(v) / 2 FROM m WHERE time >= ${nextDay}`)).toEqual([[37.5]])
})

test('rollups of integers are floats, also of days of either kind', async () => {
  await write(`m v=3.5 ${first}`, `m v=1.5 ${first + second}`)
  await rewindLayout()
  await write(`m v=4i ${nextDay}`, `m v=5i ${nextDay + second}`)
  while (((await store.rollUp?.(Number((nextDay + 2n * dayNs) / 1_000_000n)))?.windows ?? 0) > 0);
  const columns = 'v_min, v_max, v_sum, v_count, v_last'
  expect(await rows(`SELECT ${columns} FROM "1h".m`)).toEqual([
    [1.5, 3.5, 5, 2, 1.5],
    [4, 5, 9, 2, 5],
  ])
})

test('a point that is being written is seen with all of its fields or not at all', async () => {
  await write(`m f=0,i=0i,t="0" ${first}`)
  let isWritten = false
  const writing = (async () => {
    for (let at = 1n; at <= 300n; at++)
      await write(`m f=${at},i=${at}i,t="${at}" ${first + at * second}`)
    isWritten = true
  })()
  let looks = 0
  while (!isWritten) {
    const found = await rows('SELECT f, i, t FROM m')
    expect(found.filter((row) => row.includes(null))).toEqual([])
    looks++
  }
  await writing
  expect(looks).toBeGreaterThan(5)
  expect(await rows('SELECT f, i, t FROM m')).toHaveLength(301)
})
