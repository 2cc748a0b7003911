import type { StatementResult } from '@warren/influxql/answers/result'
import { columnsOf, seriesOfColumns, toResultColumn } from '@warren/influxql/answers/result-columns'
import { expect, test } from 'vitest'
import { packResults, unpackResults } from './packed-results.ts'

const passed = (results: readonly StatementResult[]) =>
  unpackResults(structuredClone(packResults(results)))

test('results are the same after they have crossed threads as columns', () => {
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
  expect(passed(results)).toStrictEqual(results)
})

const columnOf = (values: readonly (number | null)[]) =>
  toResultColumn({ length: values.length, at: (row) => values[row] ?? null })

test('a column that series share crosses once', () => {
  const times = columnOf([1, 2])
  const series = [3, null].map((value) =>
    seriesOfColumns(
      { columns: ['time', 'v'] },
      { rowCount: 2, columns: [times, columnOf([value, 4])] },
    ),
  )
  const [result] = passed([{ statement_id: 0, series }])
  const [first, second] = (result?.series ?? []).map(columnsOf)
  expect(first?.columns[0]).toBe(second?.columns[0])
  expect(result?.series?.map(({ values }) => values)).toEqual([
    [
      [1, 3],
      [2, 4],
    ],
    [
      [1, null],
      [2, 4],
    ],
  ])
})
