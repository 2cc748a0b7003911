import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { duckdb } from './duckdb.ts'
import type { LogStore } from './log-store.ts'
import { everything, idOf, toBatch } from './testing.ts'

let dataDir: string
let store: LogStore
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-logs-'))
  store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  const large = 'x'.repeat(8000)
  for (let first = 0; first < 10_000; first += 1000)
    await store.write(
      toBatch(
        'acme',
        Array.from({ length: 1000 }, (_, i) => ({ id: idOf(`${first + i}`), message: large })),
      ),
    )
})
afterAll(async () => {
  await store.close()
  await rm(dataDir, { recursive: true, force: true })
})

const ask = (size: number) =>
  store.search({
    tenant: 'acme',
    streams: ['logs-warren.generic-acme'],
    request: { ...everything, size },
    nowMs: Date.now(),
    signal: new AbortController().signal,
  })

it('refuses a page that would not fit in memory, and answers the next', async () => {
  expect(await ask(10_000)).toMatchObject({
    status: 400,
    error: { type: 'circuit_breaking_exception', reason: expect.stringContaining('too large') },
  })
  expect(await ask(100)).toMatchObject({ hits: { total: { value: 10_000 } } })
})

it('outlives many of them at once, and gives their room back', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => ask(10_000)))
  for (const answer of answers)
    expect(answer).toMatchObject({
      status: expect.toSatisfy((status) => [400, 429].includes(status)),
    })
  expect(await ask(1000)).toMatchObject({ hits: { total: { value: 10_000 } } })
})
