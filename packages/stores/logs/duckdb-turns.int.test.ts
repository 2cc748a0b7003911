import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseSearch } from '@warren/searchdsl/parse/search'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { duckdb } from './duckdb.ts'
import type { LogStore } from './log-store.ts'
import { numbered, searchOf, toBatch } from './testing.ts'

let dataDir: string
let store: LogStore
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-logs-'))
  store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  const message = `b ${'a '.repeat(25_000)}`
  await store.write(
    toBatch(
      'acme',
      numbered(400).map((record) => ({ ...record, message })),
    ),
  )
  await store.write(toBatch('other', numbered(3)))
})
afterAll(async () => {
  await store.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** Some fifteen seconds over records that are few enough to come at once. */
const slow = parseSearch({
  size: 0,
  query: {
    bool: { should: Array(250).fill({ match_phrase: { message: 'a a b' } }) },
  },
})

it('answers others while one search looks through long records, and ends it when it is cancelled', async () => {
  const abort = new AbortController()
  const cancelled = searchOf(store, { tenant: 'acme', request: slow, signal: abort.signal })
  const ended = cancelled.then(
    () => 'answered',
    (error: unknown) => error,
  )
  const started = performance.now()
  for (let asked = 0; asked < 3; asked++)
    expect(await searchOf(store, { tenant: 'other' })).toMatchObject({
      hits: { total: { value: 3 } },
    })
  // Alone they take some 15 ms, and 80 if they get more than one step in each turn.
  expect(performance.now() - started).toBeLessThan(2_000)
  abort.abort()
  expect(await ended).toMatchObject({ code: 'aborted' })
  expect(performance.now() - started).toBeLessThan(10_000)
})
