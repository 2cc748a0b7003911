import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseQuery } from '@warren/influxql/parse'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { batchesOf, laterMs, midnightMs, pointsPerRound } from './duckdb/compaction/testing.ts'
import { duckdb } from './duckdb.ts'
import { toBatch } from './metric-store.context.contract.ts'
import type { MetricStore } from './metric-store.ts'

const patience = { timeout: 60_000, interval: 50 }
let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-compaction-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

const open = () => duckdb.create(duckdb.settings.parse({}), { dataDir })
const path = () => join(dataDir, 'metrics', 'warren_default', '2026-03-03.duckdb')
const inode = () => statSync(path()).ino

async function ask(store: MetricStore, text: string) {
  const results = await store.query({
    tenant: 'default',
    statements: parseQuery(text),
    epoch: 'ms',
    nowNs: BigInt(laterMs) * 1_000_000n,
    signal: new AbortController().signal,
  })
  return results.map(({ series = [], error }) => error ?? series)
}

const questions = `SELECT count(v), sum(n), count(s), min(v), max(n) FROM m GROUP BY host;
  SELECT v, n, s FROM m WHERE host = 'h10' AND time < ${midnightMs + 3_000}ms;
  SELECT mean(v) FROM m WHERE time >= ${midnightMs}ms AND time < ${midnightMs + 120_000}ms GROUP BY time(10s);
  SHOW SERIES; SHOW FIELD KEYS`

const counted = async (store: MetricStore): Promise<readonly unknown[]> => {
  const [series] = await ask(store, 'SELECT count(v), count(n), count(s), sum(n) FROM m')
  return Array.isArray(series) ? (series[0]?.values[0]?.slice(1) ?? []) : [series]
}

/** Of whole rounds. */
const expected = (rounds: number): readonly number[] => [
  rounds * pointsPerRound,
  rounds * pointsPerRound,
  (rounds * pointsPerRound) / 10,
  (rounds * pointsPerRound * (pointsPerRound - 1)) / 2,
]

/** Rounds of rollups, each of which may begin a compaction, until the file is another. */
async function compacted(store: MetricStore, before: number): Promise<void> {
  await vi.waitFor(async () => {
    expect((await store.rollUp?.(laterMs))?.failed).toEqual([])
    expect(inode()).not.toBe(before)
  }, patience)
}

/** The sums that are kept since its rollups were made take one block. */
const blockBytes = 262_144

test('rewrites a day that is over: the same answers from fewer bytes, and late points are taken once', async () => {
  let store = await open()
  for (const batch of batchesOf(0, 2_000)) await store.write(batch)
  await store.close()
  const size = statSync(path()).size
  store = await open()
  const before = await ask(store, questions)
  // What a crash left of an earlier try is no obstacle.
  writeFileSync(`${path()}.draft`, 'torn')
  writeFileSync(`${path()}.draft.wal`, 'torn')
  const old = inode()
  await compacted(store, old)
  expect(await ask(store, questions)).toEqual(before)
  expect(statSync(path()).size).toBeLessThan(size + blockBytes)
  expect(existsSync(`${path()}.draft`)).toBe(false)
  // The same points again, and some that are new.
  for (const batch of batchesOf(0)) await store.write(batch)
  expect(await counted(store)).toEqual(expected(1))
  const made = inode()
  await store.write(toBatch('default', [`m,host=new v=1,n=0,x=2 ${midnightMs + 5}000000`]))
  for (let round = 0; round < 5; round++) await store.rollUp?.(laterMs)
  expect(inode()).toBe(made)
  for (const batch of batchesOf(1)) await store.write(batch)
  await compacted(store, made)
  const [count, ...rest] = expected(2).map(Number)
  const withNew = [(count ?? 0) + 1, ...rest.map((value, at) => (at === 0 ? value + 1 : value))]
  expect(await counted(store)).toEqual(withNew)
  await store.close()
  store = await open()
  expect(await counted(store)).toEqual(withNew)
  await store.close()
  expect(globSync('**/*.draft*', { cwd: dataDir })).toEqual([])
})

test('leaves a day alone that is not over, and one that is written to and read meanwhile is whole; ends when the store is closed', async () => {
  const store = await open()
  for (const batch of batchesOf(0)) await store.write(batch)
  const made = inode()
  for (let round = 0; round < 5; round++)
    await store.rollUp?.(midnightMs + 86_400_000 + 5 * 3_600_000)
  expect(inode()).toBe(made)
  let isWriting = true
  const reading = async () => {
    while (isWriting) {
      const [seen] = await counted(store)
      expect(Number(seen)).toBeGreaterThanOrEqual(pointsPerRound)
      await store.rollUp?.(laterMs)
    }
  }
  const writing = async () => {
    for (const round of [1, 2]) for (const batch of batchesOf(round)) await store.write(batch)
    isWriting = false
  }
  await Promise.all([writing(), reading()])
  await compacted(store, made)
  expect(await counted(store)).toEqual(expected(3))
  const before = inode()
  for (const batch of batchesOf(3)) await store.write(batch)
  await vi.waitFor(async () => {
    await store.rollUp?.(laterMs)
    expect(existsSync(`${path()}.draft`) || inode() !== before).toBe(true)
  }, patience)
  // Closing does not wait for a copy to be made.
  await store.close()
  expect(globSync('**/*.draft*', { cwd: dataDir })).toEqual([])
})

interface Moment {
  readonly when: 'a draft is begun' | 'the file is replaced'
  readonly afterMs: number
}

/** Starts the writer, kills it at a moment, and answers the last round that it reported. */
async function writeAndKill(first: number, { when, afterMs }: Moment): Promise<number> {
  const script = fileURLToPath(new URL('./duckdb/compaction/testing.ts', import.meta.url))
  const child = spawn(process.execPath, [script, dataDir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let last = first - 1
  createInterface(child.stdout).on('line', (line) => {
    last = Number(line)
  })
  const inodes = new Set<number>()
  const isMoment = () => {
    if (when === 'a draft is begun') return existsSync(`${path()}.draft`)
    if (existsSync(path())) inodes.add(inode())
    return inodes.size > 1
  }
  await vi.waitFor(() => expect(isMoment()).toBe(true), { timeout: 60_000, interval: 2 })
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  child.kill('SIGKILL')
  expect((await exited)[1]).toBe('SIGKILL')
  return last
}

test('a process that is killed while it compacts loses nothing that was answered, and doubles nothing', async () => {
  let rounds = 0
  const moments: readonly Moment[] = [
    { when: 'a draft is begun', afterMs: 0 },
    { when: 'a draft is begun', afterMs: 200 },
    { when: 'the file is replaced', afterMs: 0 },
  ]
  for (const moment of moments) {
    rounds = (await writeAndKill(rounds, moment)) + 1
    const store = await open()
    // What was not answered may be there.
    for (const batch of batchesOf(rounds)) await store.write(batch)
    rounds += 1
    expect((await counted(store)).slice(0, 2)).toEqual(expected(rounds).slice(0, 2))
    await store.close()
  }
  const store = await open()
  await compacted(store, inode())
  expect(await counted(store)).toEqual(expected(rounds))
  await store.close()
})
