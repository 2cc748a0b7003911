import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databaseOf } from '@warren/contracts/names'
import { parseQuery } from '@warren/influxql/parse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { duckdb } from './duckdb.ts'
import { cpu, day, newTenant, noon, toBatch } from './metric-store.context.contract.ts'
import type { MetricStore } from './metric-store.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'warren-retention-'))
let store: MetricStore
beforeAll(async () => {
  store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
})
afterAll(async () => {
  await store.close()
  rmSync(dataDir, { recursive: true })
})

const nowMs = Number(noon / 1_000_000n)
const folderOf = (tenant: string) => join(dataDir, 'metrics', databaseOf(tenant))
const filesOf = (tenant: string) =>
  readdirSync(folderOf(tenant))
    .filter((name) => name.endsWith('.duckdb'))
    .sort()

/** Of this process: what is still open keeps its room though it was unlinked. */
const openFilesOf = (tenant: string): readonly string[] =>
  readdirSync('/proc/self/fd')
    .map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`)
      } catch {
        return ''
      }
    })
    .filter((path) => path.startsWith(folderOf(tenant)))

/** Noon of each of the last days, the oldest first. */
const write = (tenant: string, days: number) =>
  store.write(
    toBatch(
      tenant,
      Array.from({ length: days }, (_, at) =>
        cpu('a', noon - BigInt(days - 1 - at) * day, { v: at }),
      ),
    ),
  )

async function valuesOf(tenant: string): Promise<readonly unknown[]> {
  const [result] = await store.query({
    tenant,
    statements: parseQuery('SELECT v FROM cpu'),
    epoch: 'ns',
    nowNs: noon,
    signal: new AbortController().signal,
  })
  return (result?.series?.[0]?.values ?? []).map(([, value]) => value)
}

test('unlinks the files of days that are too old, and takes their points again', async () => {
  const [tenant, other] = [newTenant(), newTenant()]
  await write(tenant, 5)
  await write(other, 5)
  expect(await store.retain({ tenant, days: 30, nowMs })).toEqual([])
  // The day of the cut stays whole.
  expect(await store.retain({ tenant, days: 2, nowMs })).toEqual([
    'the day 2026-02-27',
    'the day 2026-02-28',
  ])
  expect(filesOf(tenant)).toEqual(
    ['2026-03-01', '2026-03-02', '2026-03-03'].map((d) => `${d}.duckdb`),
  )
  expect(await valuesOf(tenant)).toEqual([2, 3, 4])
  expect(await valuesOf(other)).toEqual([0, 1, 2, 3, 4])
  await write(tenant, 5)
  expect(await valuesOf(tenant)).toEqual([0, 1, 2, 3, 4])
  expect(await store.retain({ tenant: newTenant(), days: 1, nowMs })).toEqual([])
})

test('names the oldest day of any tenant, and gives it up when told', async () => {
  const { disk } = store
  if (disk === undefined) throw new Error('BUG: an embedded store has a disk')
  const tenant = newTenant()
  await store.write(
    toBatch(tenant, [cpu('a', noon - 400n * day, { v: 1 }), cpu('a', noon, { v: 2 })]),
  )
  const oldest = await disk.oldest({ before: '2026-03-03' })
  expect(oldest).toEqual({ tenant, day: '2025-01-27' })
  expect(
    await disk.oldest({ before: '2026-03-03', except: [{ tenant, day: '2025-01-27' }] }),
  ).not.toMatchObject({ tenant })
  expect(await valuesOf(tenant)).toEqual([1, 2])
  expect(openFilesOf(tenant).join()).toContain('2025-01-27.duckdb')
  if (oldest !== undefined) await disk.drop(oldest)
  // Its room really came back: nothing has the file open.
  expect(openFilesOf(tenant).join()).not.toContain('2025-01-27.duckdb')
  expect(await valuesOf(tenant)).toEqual([2])
  expect(filesOf(tenant)).toEqual(['2026-03-03.duckdb'])
  expect(await disk.oldest({ before: '2025-01-01' })).toBeUndefined()
})

test('writes, reads and retention at once leave what is kept whole', async () => {
  const tenant = newTenant()
  const rounds = Array.from({ length: 12 }, (_, round) => round)
  await Promise.all(
    rounds.flatMap(() => [
      write(tenant, 6),
      valuesOf(tenant),
      store.retain({ tenant, days: 2, nowMs }).catch((error: Error) => {
        expect(error.message).toContain('is in use')
      }),
    ]),
  )
  expect((await valuesOf(tenant)).slice(-3)).toEqual([3, 4, 5])
  await store.retain({ tenant, days: 2, nowMs })
  expect(await valuesOf(tenant)).toEqual([3, 4, 5])
})
