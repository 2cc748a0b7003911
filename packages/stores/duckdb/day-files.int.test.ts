import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DayFiles } from './day-files.ts'
import { draftOf, writeDraft } from './draft-file.ts'
import { type Engine, inTransaction, openEngine } from './engine.ts'
import { streamChunks } from './read-chunks.ts'

let dir: string
let engine: Engine
let connection: DuckDBConnection
let files: DayFiles<object>
let nowMs = 0

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "warren-day's-"))
  engine = await openEngine({ memoryLimitMb: 64, threads: 1, spillDir: join(dir, 'spill') })
  connection = await engine.connect()
  files = new DayFiles({
    dir,
    connection,
    maxIdle: 2,
    nowMs: () => nowMs,
    prepare: async ({ name }) => {
      await connection.run(`CREATE TABLE IF NOT EXISTS ${name}.t (x INTEGER)`)
      return {}
    },
  })
})
afterEach(async () => {
  await files.close()
  connection.closeSync()
  engine.close()
  await rm(dir, { recursive: true })
})

async function insert(tenant: string, day: number, value: number) {
  const lease = await files.leaseForWrite(tenant, day)
  await inTransaction(connection, () =>
    connection.run(`INSERT INTO ${lease.name}.t VALUES (${value})`),
  )
  lease.release()
}

async function read(tenant: string, day: number) {
  const lease = await files.leaseForRead(tenant, day)
  if (lease === undefined) return undefined
  const rows = await connection.runAndReadAll(`SELECT x FROM ${lease.name}.t ORDER BY x`)
  lease.release()
  return rows.getRows().flat()
}

async function attached() {
  const rows = await connection.runAndReadAll(
    'SELECT count(*)::INT FROM duckdb_databases() WHERE NOT internal',
  )
  // One of them is the empty main database.
  return Number(rows.getRows()[0]?.[0]) - 1
}

test('keeps tenants and days apart, and lists days', async () => {
  await insert('a', 20_000, 1)
  await insert('a', -3, 2)
  await insert('b', 20_000, 3)
  expect(await read('a', 20_000)).toEqual([1])
  expect(await read('b', 20_000)).toEqual([3])
  expect(await read('a', 5)).toBeUndefined()
  expect(await files.days('a')).toEqual([-3, 20_000])
  expect(await files.days('nobody')).toEqual([])
})

test('waits for a file that was detached while a statement looked at every file', async () => {
  await insert('a', 1, 1)
  const other = await engine.connect()
  await other.run('BEGIN TRANSACTION')
  await other.runAndReadAll('SELECT count(*) FROM duckdb_tables()')
  nowMs += 120_000
  for (const tenant of ['b', 'c', 'd', 'e']) await insert(tenant, 1, 1)
  nowMs += 120_000
  expect(await read('e', 1)).toEqual([1])
  let isEnded = false
  const found = read('a', 1).then((rows) => ({ rows, isEnded }))
  await new Promise((resolve) => setTimeout(resolve, 100))
  isEnded = true
  await other.run('COMMIT')
  expect(await found).toEqual({ rows: [1], isEnded: true })
  other.closeSync()
})

test('waits also where it makes a day again that a statement still looks at', async () => {
  const other = await engine.connect()
  let isLooking = false
  const look = async () => {
    if (isLooking) return
    isLooking = true
    await other.run('BEGIN TRANSACTION')
    await other.runAndReadAll('SELECT count(*) FROM duckdb_tables()')
  }
  const watched = new DayFiles({
    ...{ dir, connection, maxIdle: 2 },
    prepare: async ({ name }) => {
      await connection.run(`CREATE TABLE IF NOT EXISTS ${name}.t (x INTEGER)`)
      await look()
      return {}
    },
  })
  const make = async () => (await watched.leaseForWrite('a', 1)).release()
  await make()
  await watched.drop('a', 1)
  let isEnded = false
  const made = make().then(() => isEnded)
  await new Promise((resolve) => setTimeout(resolve, 100))
  isEnded = true
  await other.run('COMMIT')
  expect(await made).toBe(true)
  other.closeSync()
  await watched.close()
})

test('keeps the files of many tenants that take turns writing, within a bound', async () => {
  const tenants = Array.from({ length: 24 }, (_, index) => `t${index}`)
  for (const tenant of tenants.slice(0, 16)) await insert(tenant, 1, 1)
  expect(await attached()).toBe(16)
  for (const tenant of tenants) await insert(tenant, 1, 2)
  // The bound, those idle, and one on its way out.
  expect(await attached()).toBeLessThanOrEqual(16 + 2 + 1)
  for (const tenant of tenants) expect((await read(tenant, 1))?.at(-1)).toBe(2)
})

test('detaches the least recently used and attaches it again', async () => {
  for (let day = 0; day < 6; day++) await insert('a', day, day)
  nowMs += 60_001
  for (let day = 0; day < 6; day++) expect(await read('a', day)).toEqual([day])
  await files.days('a')
  expect(await attached()).toBeLessThanOrEqual(3)
})

test('one file leased at the same time is attached once', async () => {
  const leases = await Promise.all([1, 2, 3].map(() => files.leaseForWrite('a', 1)))
  expect(new Set(leases.map(({ state }) => state)).size).toBe(1)
  await expect(files.drop('a', 1)).rejects.toMatchObject({ code: 'store_failed' })
  for (const lease of leases) lease.release()
})

test('drop unlinks the file and its log', async () => {
  await insert('a', 1, 1)
  await files.drop('a', 1)
  expect(existsSync(files.path('a', 1))).toBe(false)
  expect(existsSync(`${files.path('a', 1)}.wal`)).toBe(false)
  expect(await read('a', 1)).toBeUndefined()
  await insert('a', 1, 2)
  expect(await read('a', 1)).toEqual([2])
})

test('names a file it cannot open, keeps it, and moves it aside when told to', async () => {
  const path = files.path('a', 1)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(
    path,
    'this is not a database, but it is long enough to look like a header'.repeat(99),
  )
  await expect(files.leaseForWrite('a', 1)).rejects.toMatchObject({
    code: 'file_corrupt',
    disposition: 'retry',
    message: expect.stringContaining(path),
  })
  expect(existsSync(path)).toBe(true)
  const aside = await files.moveAside('a', 1)
  expect(existsSync(aside)).toBe(true)
  await insert('a', 1, 7)
  expect(await read('a', 1)).toEqual([7])
})

test('a stream that is left early does not keep its file', async () => {
  const reading = await engine.connect()
  const lease = await files.leaseForWrite('a', 1)
  await connection.run(`INSERT INTO ${lease.name}.t FROM range(100_000)`)
  for await (const chunk of streamChunks(reading, `SELECT x FROM ${lease.name}.t`)) {
    expect(chunk.int32(0)[1]).toBe(1)
    break
  }
  lease.release()
  await files.close()
  expect(await read('a', 1)).toHaveLength(100_000)
  reading.closeSync()
})

test('makes a file anew of which a crash left a part', async () => {
  const path = files.path('a', 1)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, new Uint8Array(4096))
  await writeFile(`${path}.new.wal`, 'torn')
  expect(await read('a', 1)).toBeUndefined()
  await insert('a', 1, 1)
  expect(await read('a', 1)).toEqual([1])
  expect(existsSync(`${path}.new`)).toBe(false)
  expect(await files.days('a')).toEqual([1])
})

/** A draft of the day's file that holds one value. */
const draft = (tenant: string, day: number, value: number) =>
  writeDraft({
    ...{ connection, path: files.path(tenant, day), catalog: 'draft' },
    fill: async (name) =>
      void (await connection.run(`CREATE TABLE ${name}.t AS SELECT ${value} AS x`)),
  })

test('a draft takes the place of a file that nobody uses, and is nothing before', async () => {
  await insert('a', 1, 1)
  await draft('a', 1, 2)
  expect(await read('a', 1)).toEqual([1])
  expect(await files.days('a')).toEqual([1])
  const lease = await files.leaseForRead('a', 1)
  await expect(files.replace('a', 1)).rejects.toMatchObject({ code: 'store_failed' })
  lease?.release()
  const replaced = files.replace('a', 1)
  // What comes meanwhile finds the new one, and is not lost with the old one.
  await Promise.all([replaced, insert('a', 1, 3)])
  expect(await read('a', 1)).toEqual([2, 3])
  await files.close()
  expect(await read('a', 1)).toEqual([2, 3])
  await draft('a', 1, 5)
  await files.drop('a', 1)
  expect(existsSync(draftOf(files.path('a', 1)))).toBe(false)
})

test('a draft that cannot be filled is gone, and the next one can be', async () => {
  await insert('a', 1, 1)
  await writeFile(draftOf(files.path('a', 1)), 'torn')
  const failing = writeDraft({
    ...{ connection, path: files.path('a', 1), catalog: 'draft' },
    fill: async () => {
      throw new Error('full')
    },
  })
  await expect(failing).rejects.toMatchObject({ code: 'store_failed' })
  expect(existsSync(draftOf(files.path('a', 1)))).toBe(false)
  await draft('a', 1, 2)
  await files.replace('a', 1)
  expect(await read('a', 1)).toEqual([2])
})
