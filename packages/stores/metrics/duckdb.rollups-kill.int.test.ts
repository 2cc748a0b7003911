import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseQuery } from '@warren/influxql/parse'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { duckdb } from './duckdb.ts'
import { noon } from './metric-store.context.contract.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'warren-rollups-'))
afterAll(() => rmSync(dataDir, { recursive: true }))

test('a process that is killed while it writes and rolls up leaves windows to be made, and none that are wrong', async () => {
  for (let kills = 0; kills < 2; kills++) await rollUpAndKill()
  const store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  onTestFinished(() => store.close())
  // Two days later every window is over.
  const round = await store.rollUp?.(Number(noon / 1_000_000n) + 2 * 86_400_000)
  expect(round).toMatchObject({ waiting: 0, failed: [] })
  const rows = async (fields: string, from: string, by = ', host') => {
    const [result] = await store.query({
      tenant: 'default',
      statements: parseQuery(
        `SELECT ${fields} FROM ${from} WHERE time >= '2026-03-03T12:00:00Z' AND time < '2026-03-04' GROUP BY time(5m)${by} fill(none)`,
      ),
      epoch: 'ns',
      nowNs: noon,
      signal: new AbortController().signal,
    })
    return result?.series?.map(({ values }) => values)
  }
  const raw = await rows('min(v), max(v), sum(v), count(v), last(v)', 'm')
  expect(raw).toHaveLength(50)
  expect(
    await rows('min(v_min), max(v_max), sum(v_sum), sum(v_count), last(v_last)', '"5m".m'),
  ).toEqual(raw)
  // Sums over all series are made of sums that were kept beside the points.
  const sums = await rows('sum(v), count(v), max(v)', 'm', '')
  expect(sums).toHaveLength(1)
  expect(sums).toEqual(await rows('sum(v_sum), sum(v_count), max(v_max)', '"5m".m', ''))
})

/** Kills a process some time after its first round of rollups. */
async function rollUpAndKill(): Promise<void> {
  const script = fileURLToPath(new URL('./duckdb/rollups/testing.ts', import.meta.url))
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  await once(child.stdout, 'data')
  await delay(Math.random() * 500)
  child.kill('SIGKILL')
  expect((await exited)[1]).toBe('SIGKILL')
}
