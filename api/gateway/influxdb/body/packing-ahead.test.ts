import { gunzipSync } from 'node:zlib'
import type { StatementResult } from '@warren/influxql/answers/result'
import { packResults, unpackResults } from '@warren/stores/metrics/duckdb/packed-results'
import { describe, expect, it } from 'vitest'
import { AnswerBody } from './answer-body.ts'
import { encodeResults } from './encode.ts'

const maxBytes = 1e8

/** Some 60 bytes each, as rows. */
function resultsOf(series: number, rows: number): readonly StatementResult[] {
  const one = (number: number) => ({
    name: 'load',
    tags: { host: `host-${number}` },
    columns: ['time', 'mean'],
    values: Array.from({ length: rows }, (_, row) => [
      `2026-11-29T13:${String(row % 60).padStart(2, '0')}:00Z`,
      Math.sin(number * rows + row),
    ]),
  })
  return [{ statement_id: 0, series: Array.from({ length: series }, (_, at) => one(at)) }]
}

/** The same as columns. */
function inColumns(results: readonly StatementResult[]): readonly StatementResult[] {
  return unpackResults(structuredClone(packResults(results)))
}

const plainOf = async (results: readonly StatementResult[]) =>
  (await encodeResults(results, { maxBytes })).plain.join()

describe.each([
  ['rows', (results: readonly StatementResult[]) => results],
  ['columns', inColumns],
])('an answer of %s', (_, held) => {
  it.each([
    ['of one series', 1, 60],
    ['of many series', 1000, 60],
    ['of one long series', 1, 200_000],
  ])('%s is packed while it is made, and is the same', async (__, series, rows) => {
    await expectSame(held(resultsOf(series, rows)), series * rows)
  })
})

async function expectSame(results: readonly StatementResult[], rows: number): Promise<void> {
  const expected = await plainOf(results)
  const body = new AnswerBody({
    ...{ rows, bytes: expected.length },
    encode: (options) => encodeResults(results, options),
  })
  const plain = await body.encoded({ maxBytes, isPacked: true })
  const packed = await body.gzipped({ maxBytes })
  expect(plain.join().equals(expected)).toBe(true)
  expect(gunzipSync(packed.join()).equals(expected)).toBe(true)
  expect(packed.length).toBeLessThan(expected.length / 2)
}

it('has a long answer in few segments', async () => {
  const results = resultsOf(1, 400_000)
  const { plain, pack } = await encodeResults(results, { maxBytes, isPacked: true })
  expect(plain.length).toBeGreaterThan(17_000_000)
  expect(plain.pieces.length).toBeGreaterThan(10)
  expect(plain.pieces.length).toBeLessThanOrEqual(32)
  expect(pack).toBeDefined()
})

it('refuses an answer that is too large, also where some of it is packed', async () => {
  const encoding = encodeResults(resultsOf(1, 100_000), { maxBytes: 2_000_000, isPacked: true })
  await expect(encoding).rejects.toThrow('the answer is larger than 2000000 bytes')
})
