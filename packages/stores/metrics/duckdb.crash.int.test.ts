import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseQuery } from '@warren/influxql/parse'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { batchOf, pointsPerBatch } from './duckdb/testing.ts'
import { duckdb } from './duckdb.ts'
import { toBatch } from './metric-store.context.contract.ts'
import type { MetricStore } from './metric-store.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-crash-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

const open = (settings = {}) => duckdb.create(duckdb.settings.parse(settings), { dataDir })

/** Starts the writer, kills it once it has reported `batches`, and returns the last batch it reported. */
async function writeAndKill(batches: number): Promise<number> {
  const script = fileURLToPath(new URL('./duckdb/testing.ts', import.meta.url))
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  let last = -1
  for await (const line of createInterface(child.stdout)) {
    last = Number(line)
    if (last >= batches) child.kill('SIGKILL')
  }
  expect((await exited)[1]).toBe('SIGKILL')
  return last
}

async function count(store: MetricStore, field: string): Promise<unknown> {
  const [result] = await store.query({
    tenant: 'default',
    statements: parseQuery(`SELECT count(${field}) FROM m`),
    epoch: 'ns',
    nowNs: 0n,
    signal: new AbortController().signal,
  })
  return result?.series?.[0]?.values[0]?.[1]
}

test('a killed process loses nothing that was answered, and doubles nothing that is written again', async () => {
  let last = -1
  for (const batches of [3, 25]) {
    last = Math.max(last, await writeAndKill(batches))
    const store = await open()
    const stored = Number(await count(store, 'v'))
    expect(stored).toBeGreaterThanOrEqual(((last + 2) * pointsPerBatch) / 2)
    expect(await count(store, 's')).toBe(stored)
    await store.close()
  }
  const store = await open()
  for (let n = last + 2; n >= 0; n--) await store.write(batchOf(n))
  expect(await count(store, 'v')).toBe(((last + 4) * pointsPerBatch) / 2)
  expect(await count(store, 's')).toBe(((last + 4) * pointsPerBatch) / 2)
  await store.close()
})

test('a statement that reads too much has an error of its own', async () => {
  const store = await open({ maxSelectPoints: 700 })
  await store.write(batchOf(0))
  await store.write(batchOf(1))
  const results = await store.query({
    tenant: 'default',
    statements: parseQuery("SELECT v FROM m; SELECT v FROM m WHERE host = 'h1' LIMIT 1"),
    epoch: 's',
    nowNs: 0n,
    signal: new AbortController().signal,
  })
  expect(results[0]?.error).toBe('max-select-point limit exceeed: (750/700)')
  expect(results[1]?.series?.[0]?.values).toEqual([[1_772_539_200, 1]])
  await store.close()
})

test('long texts count as the numbers that would take their room', async () => {
  const store = await open({ maxSelectPoints: 700 })
  const long = 'x'.repeat(1600)
  const lines = Array.from({ length: 10 }, (_, n) => `long v="${long}" ${n}`)
  await store.write(toBatch('default', lines))
  const ask = (text: string) =>
    store.query({
      tenant: 'default',
      statements: parseQuery(text),
      epoch: 's',
      nowNs: 0n,
      signal: new AbortController().signal,
    })
  expect((await ask('SELECT v FROM long'))[0]?.error).toMatch(/^max-select-point limit exceeed/)
  const [few] = await ask('SELECT v FROM long WHERE time < 3')
  expect(few?.series?.[0]?.values).toHaveLength(3)
  await store.close()
})

test('a cancelled query rejects and leaves the store usable', async () => {
  const store = await open()
  for (let n = 0; n < 20; n++) await store.write(batchOf(n))
  const abort = new AbortController()
  const query = store.query({
    tenant: 'default',
    statements: parseQuery('SELECT v FROM m; SELECT v FROM m; SELECT v FROM m'),
    epoch: 's',
    nowNs: 0n,
    signal: abort.signal,
  })
  abort.abort()
  await expect(query).rejects.toMatchObject({ code: 'aborted' })
  expect(await count(store, 'v')).toBe((21 * pointsPerBatch) / 2)
  await store.close()
})

test('writes and queries at the same time', async () => {
  const store = await open()
  const batches = Array.from({ length: 30 }, (_, n) => n)
  const [counts] = await Promise.all([
    Promise.all(batches.map(() => count(store, 'v'))),
    Promise.all(batches.map((n) => store.write(batchOf(n)))),
  ])
  for (const seen of counts) expect(Number(seen ?? 0) % (pointsPerBatch / 2)).toBe(0)
  expect(await count(store, 'v')).toBe((31 * pointsPerBatch) / 2)
  await store.close()
})
