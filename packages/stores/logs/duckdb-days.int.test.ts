import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tablesOf } from './duckdb/table.ts'
import { duckdb } from './duckdb.ts'
import type { LogStore } from './log-store.ts'
import { idOf, searchOf, type TestRecord, toBatch } from './testing.ts'

let dataDir: string
let store: LogStore
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-logs-'))
  store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
})
afterEach(async () => {
  await store.close()
  await rm(dataDir, { recursive: true, force: true })
})

const days = 12
const perDay = 3000
/** Records that go round the days, as late ones and wrong clocks make them. */
const records: readonly TestRecord[] = Array.from({ length: days * perDay }, (_, i) => ({
  id: idOf(String(i)),
  '@timestamp': `2026-03-${String((i % days) + 10)}T05:06:07.${String(i).padStart(9, '0')}Z`,
  message: `number ${i}`,
}))

const countOf = async (tenant: string) => {
  const { hits } = await searchOf(store, { tenant, request: { size: 0 } })
  return hits.total?.value
}

it('keeps one file a UTC day and finds records in all of them', async () => {
  await store.write(toBatch('acme', records))
  const files = await readdir(join(dataDir, 'logs', 'warren_acme'))
  expect(files.filter((file) => file.endsWith('.duckdb'))).toHaveLength(days)
  const { hits } = await searchOf(store, {
    tenant: 'acme',
    request: { size: 5, sort: [{ field: '@timestamp', direction: 'desc' }] },
  })
  expect(hits.total?.value).toBe(records.length)
  expect(hits.hits[0]?._source?.['@timestamp']).toMatch(/^2026-03-21/)
})

it('neither loses nor doubles while more days are read and written at once than stay open', async () => {
  const parts = Array.from({ length: 6 }, (_, part) => records.filter((_, i) => i % 6 === part))
  const work = parts.flatMap((part) => [
    store.write(toBatch('acme', part)),
    store.write(toBatch('other', part)),
    countOf('acme'),
    store.write(toBatch('acme', part.toReversed())),
    countOf('other'),
  ])
  await Promise.all(work)
  expect(await countOf('acme')).toBe(records.length)
  expect(await countOf('other')).toBe(records.length)
  await store.write(toBatch('acme', records))
  expect(await countOf('acme')).toBe(records.length)
})

it('stops a long search when its caller leaves, and goes on with others', async () => {
  await store.write(toBatch('acme', records))
  const abort = new AbortController()
  const search = searchOf(store, {
    tenant: 'acme',
    signal: abort.signal,
    request: { query: { type: 'regexp', field: 'message', value: '.*9' } },
  })
  abort.abort()
  await expect(search).rejects.toMatchObject({ code: 'aborted' })
  expect(await countOf('acme')).toBe(records.length)
})

it('goes on with a file of the time before zstd', async () => {
  const folder = join(dataDir, 'logs', 'warren_acme')
  await mkdir(folder, { recursive: true })
  const instance = await DuckDBInstance.create(join(folder, '2026-03-10.duckdb'))
  const connection = await instance.connect()
  for (const statement of tablesOf('main'))
    await connection.run(statement.replaceAll(' USING COMPRESSION zstd', ''))
  connection.closeSync()
  instance.closeSync()
  const ofDay = records.filter((record) => record['@timestamp']?.startsWith('2026-03-10'))
  await store.write(toBatch('acme', ofDay))
  expect(await countOf('acme')).toBe(perDay)
  await store.close()
  store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  await store.write(toBatch('acme', ofDay))
  expect(await countOf('acme')).toBe(perDay)
})
