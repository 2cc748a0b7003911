import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseSearch } from '@warren/searchdsl/parse/search'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { duckdb } from './duckdb.ts'
import type { LogStore } from './log-store.ts'
import { idOf, numbered, toBatch } from './testing.ts'

let dataDir: string
let store: LogStore
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-logs-'))
  store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  const records = numbered(8000).map((record, i) => ({
    ...record,
    'trace.id': idOf(`t${i}`),
    severity_number: (i % 24) + 1,
    attributes: { k: String(i % 11) },
  }))
  await store.write(toBatch('acme', records))
  await store.write(toBatch('other', numbered(3)))
})
afterAll(async () => {
  await store.close()
  await rm(dataDir, { recursive: true, force: true })
})

interface Ask {
  readonly tenant?: string
  readonly share?: { take(bytes: number): undefined }
}

const ask = (body: object, { tenant = 'acme', share }: Ask = {}) =>
  store.search({
    tenant,
    streams: [`logs-warren.generic-${tenant}`],
    request: parseSearch({ size: 0, ...body }),
    nowMs: Date.parse('2026-03-04T12:00:00Z'),
    signal: AbortSignal.timeout(60_000),
    ...(share === undefined ? {} : { share }),
  })

const endMs = Date.parse('2026-03-04T05:06:08Z')
const severity = { field: 'severity_number' }
const many = (count: number, metric: object) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`m${n}`, metric]))

/** A second of records and an answer as long as the bounds. */
const bounded = (seconds: number, aggs: object) => ({
  query: { range: { '@timestamp': { gte: endMs - 1000, lte: endMs } } },
  aggs: {
    1: {
      date_histogram: {
        field: '@timestamp',
        fixed_interval: '1s',
        min_doc_count: 0,
        extended_bounds: { min: endMs - seconds * 1000, max: endMs },
      },
      aggs,
    },
  },
})
const ofTraces = (aggs: object) => ({ aggs: { 1: { terms: { field: 'trace.id' }, aggs } } })

const tooLarge: readonly (readonly [string, object])[] = [
  ['15 averages of 60,000 buckets', bounded(60_000, many(15, { avg: severity }))],
  ['5 extended statistics', bounded(60_000, many(5, { extended_stats: severity }))],
  ['2 extended statistics', bounded(60_000, many(2, { extended_stats: severity }))],
  ['98 sets of each trace', ofTraces(many(98, { cardinality: { field: 'attributes.k' } }))],
  ['98 lists of each trace', ofTraces(many(98, { percentiles: severity }))],
]

it.each(tooLarge)(
  'refuses %s before the heap is full, and not as a failure of the store',
  async (_, body) => {
    expect(await ask(body)).toMatchObject({
      status: 400,
      error: { type: 'too_many_buckets_exception', reason: expect.stringMatching(/Take a/) },
    })
  },
)

it('answers others while many of them are asked', async () => {
  const large = Promise.all(tooLarge.flatMap(([, body]) => [ask(body), ask(body), ask(body)]))
  for (let asked = 0; asked < 10; asked++)
    expect(await ask({}, { tenant: 'other' })).toMatchObject({ hits: { total: { value: 3 } } })
  for (const answer of await large) expect(answer).toMatchObject({ error: expect.anything() })
  const average = { aggs: { 1: { avg: severity } } }
  expect(await ask(average)).toMatchObject({ aggregations: { 1: { value: 12.492 } } })
})

it('answers what a dashboard shows at its largest, ten times at once', async () => {
  const lines = many(5, { avg: severity })
  const series = { ...bounded(1500, lines).aggs }
  const body = { aggs: { 3: { terms: { field: 'attributes.k', size: 10 }, aggs: series } } }
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(body)))
  for (const answer of answers) expect(answer).toMatchObject({ status: 200 })
  expect(await ask(bounded(60_000, {}))).toMatchObject({ status: 200 })
})

it('takes room for the aggregations of an answer', async () => {
  let taken = 0
  const share = {
    take(bytes: number) {
      taken += bytes
      return undefined
    },
  }
  const answer = await ask(bounded(20_000, { 2: { avg: severity } }), { share })
  const { length } = JSON.stringify(answer)
  expect(taken).toBeGreaterThan(2 * length)
  expect(taken).toBeLessThan(12 * length)
})
