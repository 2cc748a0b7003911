import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { duckdb } from './duckdb.ts'
import type { LogStore } from './log-store.ts'
import { batchOf, idOf, searchOf, type TestRecord, toBatch } from './testing.ts'

let dataDir: string
let store: LogStore
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-logs-'))
  store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
})
afterAll(async () => {
  await store.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** Keys in an order that the poller never writes: JavaScript reads such a batch, DuckDB one of `toBatch`. */
function toForeignBatch(tenant: string, records: readonly TestRecord[]) {
  const lines = records.map((record) => {
    const time = '2026-03-04T05:06:07Z'
    return `${JSON.stringify({ message: record.id, '@timestamp': time, ...record })}\n`
  })
  return batchOf(tenant, records, lines)
}

const sourcesOf = async (tenant: string) => {
  const { hits } = await searchOf(store, { tenant })
  const sources = hits.hits.map(
    ({ _source }): Record<string, unknown> => ({ ..._source, 'warren.tenant': '' }),
  )
  return sources.sort((a, b) => String(a['id']).localeCompare(String(b['id'])))
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('\0', '\\u0000', '\u{10ffff}0', '"', '\\', '\n', '', '\ud800', 'null', '{"a":1}'),
)
const record = fc.record(
  {
    message: text,
    '@timestamp': fc
      .integer({ min: 0, max: 999_999_999 })
      .map((ns) => `2026-03-0${1 + (ns % 3)}T05:06:07.${String(ns).padStart(9, '0')}Z`),
    'log.level': text,
    'host.name': text,
    'event.dataset': fc.constantFrom('generic', 'nginx'),
    'log.offset': fc.maxSafeNat(),
    severity_number: fc.integer({ min: 1, max: 24 }),
    observed_timestamp: fc.constant('2026-03-04T05:06:08.123456789Z'),
    'trace.id': text,
    attributes: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean()), { maxKeys: 4 }),
  },
  { requiredKeys: ['message'] },
)

it('stores the same whether DuckDB or JavaScript reads the lines', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), async (generated) => {
      run++
      const records = generated.map((one, i) => ({ ...one, id: idOf(`${run} ${i}`) }) as TestRecord)
      const [ours, foreign] = [`ours${run}`, `foreign${run}`]
      expect(await store.write(toBatch(ours, records))).toEqual({ refused: [] })
      expect(await store.write(toForeignBatch(foreign, records))).toEqual({ refused: [] })
      const sources = await sourcesOf(ours)
      expect(sources).toHaveLength(records.length)
      expect(sources).toEqual(await sourcesOf(foreign))
      const fieldsOf = async (tenant: string) => [
        ...(await store.fields(tenant, await store.streams(tenant))),
      ]
      expect(await fieldsOf(ours)).toEqual(await fieldsOf(foreign))
    }),
    { numRuns: 25 },
  )
})

it('refuses a line that is no JSON behind its first keys, alone, and takes the batch again', async () => {
  const records = ['a', 'b', 'c', 'd'].map((name, i) => ({
    id: idOf(name),
    '@timestamp': `2026-03-0${i + 1}T05:06:07Z`,
  }))
  const { bytes, starts } = toBatch('bad', records)
  const lines = records.map((_, i) => Buffer.from(bytes.slice(starts[i], starts[i + 1])).toString())
  const broken = lines.map((line, i) => (i === 2 ? `${line.slice(0, -2)},\n` : line))
  const batch = batchOf('bad', records, broken)
  const refused = [{ index: 2, code: 'malformed', reason: expect.any(String) }]
  expect(await store.write(batch)).toEqual({ refused })
  expect(await store.write(batch)).toEqual({ refused })
  expect((await sourcesOf('bad')).map((source) => source['message']).sort()).toEqual(
    [idOf('a'), idOf('b'), idOf('d')].sort(),
  )
})
