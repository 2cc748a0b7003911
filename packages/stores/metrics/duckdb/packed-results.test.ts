import type { StatementResult } from '@warren/influxql/result'
import { expect, test } from 'vitest'
import { packResults, unpackResults } from './packed-results.ts'

const passed = async (results: readonly StatementResult[]) =>
  unpackResults(structuredClone(packResults(results)))

test('results are the same after they have crossed threads as columns', async () => {
  const columns = ['time', 'number', 'text', 'gaps', 'mixed']
  const results: StatementResult[] = [
    {
      statement_id: 0,
      series: [
        {
          ...{ name: 'load', tags: { host: 'h1' }, columns },
          values: [
            [1_795_825_700_000_000_000, -0, 'a', null, 1],
            ['2026-11-27T00:00:00Z', Number.NaN, 'b', 2, true],
            [3, Number.POSITIVE_INFINITY, null, 0, null],
          ],
        },
        { name: 'empty', columns: ['time'], values: [] },
      ],
      messages: [{ level: 'warning', text: 'old' }],
    },
    { statement_id: 1 },
    { statement_id: 2, error: 'no such function' },
  ]
  expect(await passed(results)).toStrictEqual(results)
})

test('series with the same times share them, and no others', async () => {
  const series = [
    [1, 2],
    [1, 2],
    [1, 3],
    [-0, 3],
    [0, 3],
    [0, 3, 4],
    [null, 3, 4],
  ].map((times) => ({ columns: ['time', 'v'], values: times.map((time) => [time, 'x']) }))
  const results = [{ statement_id: 0, series }]
  expect(await passed(results)).toStrictEqual(results)
  const [first, second, third] = packResults(results)[0]?.packedSeries ?? []
  expect(second?.packed[0]).toBe(first?.packed[0])
  expect(third?.packed[0]).not.toBe(first?.packed[0])
})

test('more rows than are unpacked in one turn come in their order', async () => {
  const values = Array.from({ length: 12_000 }, (_, at) => [at, at % 3 === 0 ? null : at / 7])
  const results = [{ statement_id: 0, series: [{ columns: ['time', 'mean'], values }] }]
  expect(await passed(results)).toStrictEqual(results)
})
