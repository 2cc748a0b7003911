import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseQuery } from '@warren/influxql/parse'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { duckdb } from './duckdb.ts'
import { toBatch } from './metric-store.context.contract.ts'
import type { MetricStore } from './metric-store.ts'

const midnight = 1_772_496_000_000_000_000n
const dayNs = 86_400_000_000_000n

let dataDir: string
let store: MetricStore
const open = () => duckdb.create(duckdb.settings.parse({ maxIdleFiles: 2 }), { dataDir })
const reopen = async () => {
  await store.close()
  store = await open()
}
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-days-'))
  store = await open()
})
afterEach(async () => {
  await store.close()
  await rm(dataDir, { recursive: true })
})

const write = (tenant: string, ...lines: string[]) => store.write(toBatch(tenant, lines))

async function ask(tenant: string, text: string) {
  const [result] = await store.query({
    tenant,
    statements: parseQuery(text),
    epoch: undefined,
    nowNs: midnight,
    signal: new AbortController().signal,
  })
  expect(result?.error).toBeUndefined()
  return result?.series ?? []
}

test('a batch over more days than are open at once', async () => {
  const lines = Array.from(
    { length: 30 },
    (_, day) => `m,host=a v=${day} ${midnight + BigInt(day % 15) * dayNs + BigInt(day)}`,
  )
  await write('one', ...lines)
  await write('one', ...lines.reverse())
  await reopen()
  const [count] = await ask('one', 'SELECT count(v), sum(v) FROM m')
  expect(count?.values).toEqual([['1970-01-01T00:00:00Z', 30, 435]])
})

test('a field keeps its type on the next day and after a restart', async () => {
  await write('one', `m v=1 ${midnight}`, `m v="text" ${midnight + dayNs}`)
  const next = async () => {
    const { refused } = await write(
      'one',
      `m v="text" ${midnight + dayNs}`,
      `m v=2 ${midnight + 1n}`,
    )
    return refused.map(({ index, code }) => ({ index, code }))
  }
  expect(await next()).toEqual([{ index: 0, code: 'field_type_conflict' }])
  await reopen()
  expect(await next()).toEqual([{ index: 0, code: 'field_type_conflict' }])
})

test('a file that cannot be opened is named, and stops nobody else', async () => {
  await write('one', `m v=1 ${midnight}`, `m v=2 ${midnight + dayNs}`)
  await store.close()
  const path = join(dataDir, 'metrics/warren_one/2026-03-03.duckdb')
  await writeFile(path, 'not a database '.repeat(1000))
  store = await open()
  await expect(write('one', `m v=3 ${midnight}`)).rejects.toMatchObject({
    code: 'file_corrupt',
    disposition: 'retry',
    message: expect.stringContaining(path),
  })
  expect(await write('two', `m v=1 ${midnight}`)).toEqual({ refused: [] })
})

interface Step {
  readonly points: readonly { host: number; field: number; slot: number; value: number }[]
  readonly restart: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  points: fc.array(
    fc.record({
      host: fc.nat(2),
      field: fc.nat(2),
      slot: fc.nat(9),
      value: fc.integer({ min: -9, max: 9 }),
    }),
    { maxLength: 25 },
  ),
  restart: fc.nat(3).map((dice) => dice === 0),
})

/** Ten times on both sides of a midnight. */
const timeOf = (slot: number): bigint => midnight + BigInt(slot - 5)

const lineOf = ({ host, field, slot, value }: Step['points'][number]): string =>
  `m,host=${host} f${field}=${field === 2 ? `"${value}"` : value} ${timeOf(slot)}`

async function readAll(tenant: string): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>()
  for (const { tags, values } of await ask(tenant, 'SELECT f0, f1, f2 FROM m GROUP BY host'))
    for (const [time, ...fields] of values)
      for (const [field, value] of fields.entries())
        if (value !== null) found.set(`${tags?.['host']} f${field} ${time}`, value)
  return found
}

const toText = (ns: bigint): string => {
  const fraction = String(ns % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '')
  const seconds = new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19)
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}Z`
}

test('holds what a map would, however points are written', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 4 }), async (steps) => {
      const tenant = `run${run++}`
      const expected = new Map<string, number | string>()
      for (const { points, restart } of steps) {
        await write(tenant, ...points.map(lineOf))
        for (const { host, field, slot, value } of points)
          expected.set(
            `${host} f${field} ${toText(timeOf(slot))}`,
            field === 2 ? String(value) : value,
          )
        if (restart) await reopen()
      }
      expect(await readAll(tenant)).toEqual(expected)
    }),
    { numRuns: 12 },
  )
})
