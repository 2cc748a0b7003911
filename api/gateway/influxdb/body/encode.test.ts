import type { StatementResult } from '@warren/influxql/answers/result'
import { seriesOfColumns } from '@warren/influxql/answers/result-columns'
import { expect, it } from 'vitest'
import { encodeResults } from './encode.ts'

const encode = async (results: readonly StatementResult[], options = {}): Promise<string> =>
  (await encodeResults(results, { maxBytes: 1e6, ...options })).plain.join().toString()

it("writes InfluxDB's bytes", async () => {
  const series = { name: 'cpu', tags: { host: 'a<b' }, columns: ['time', 'v'] }
  const results = [
    { statement_id: 0, series: [{ ...series, values: [[1000, 1.5]] }] },
    { statement_id: 1 },
    { statement_id: 2, error: 'x & y' },
  ]
  expect(await encode(results)).toBe(
    '{"results":[{"statement_id":0,"series":[{"name":"cpu","tags":{"host":"a\\u003cb"},"columns":["time","v"],"values":[[1000,1.5]]}]},{"statement_id":1},{"statement_id":2,"error":"x \\u0026 y"}]}\n',
  )
})

it('is JSON over many rows', async () => {
  const values = Array.from({ length: 12_001 }, (_, row) => [row, null])
  const results = [{ statement_id: 0, series: [{ name: 'm', columns: ['time', 'v'], values }] }]
  expect(JSON.parse(await encode(results))).toEqual({ results })
})

it('stops at the bound', async () => {
  const values = Array.from({ length: 100_000 }, (_, row) => [row, row])
  const results = [{ statement_id: 0, series: [{ name: 'm', columns: ['time', 'v'], values }] }]
  await expect(encode(results, { maxBytes: 10_000 })).rejects.toMatchObject({
    code: 'answer_too_large',
    status: 400,
  })
})

it('keeps every digit of integers, the sign of zero, and refuses what JSON cannot hold in the words of InfluxDB', async () => {
  const of = (value: number | bigint) => [
    { statement_id: 0, series: [{ name: 'm', columns: ['time', 'v'], values: [[0, value]] }] },
  ]
  expect(await encode(of(9223372036854775807n))).toContain('[[0,9223372036854775807]]')
  expect(await encode(of(-0))).toContain('[[0,-0]]')
  expect(await encode(of(1e21))).toContain('[[0,1e+21]]')
  expect(await encode(of(1e-7))).toContain('[[0,1e-7]]')
  expect(await encode(of(0.000001))).toContain('[[0,0.000001]]')
  expect(await encode(of(1e20))).toContain('[[0,100000000000000000000]]')
  await expect(encode(of(Number.NEGATIVE_INFINITY))).rejects.toThrow('unsupported value: -Inf')
})

it('writes columns as it writes their rows', async () => {
  const count = 5_100
  const each = Array.from({ length: count }, (_, row) => row)
  const numbers = Float64Array.from(each, (row) => row / 7)
  const empty = Uint8Array.from(each, (row) => (row % 5 === 0 ? 1 : 0))
  const times = {
    values: each.map((row) => `2000-01-01T00:00:00.${String(row).padStart(5, '0')}Z`),
  }
  const seconds = { numbers: Float64Array.from(each) }
  const small = { numbers: Float64Array.from(each, (row) => -row * 1e-9) }
  const texts = { values: each.map((row) => (row % 2 === 0 ? `ü<${row}` : null)) }
  const lateTexts = { values: each.map((row) => (row < 3000 ? `${row}` : `ü${row}`)) }
  const columns = ['time', 'a', 'b']
  const series = [
    [seconds, { numbers, empty }, small],
    [times, small, { numbers }],
    [times, small, { numbers }],
    [seconds, texts, small],
    [texts, small, small],
    // Its rows are printed as numbers up to there.
    [lateTexts, small, small],
  ].map((held) => seriesOfColumns({ name: 'm', columns }, { rowCount: count, columns: held }))
  const rows = series.map(({ name = '', values }) => ({ name, columns, values }))
  const limit = { maxBytes: 1e8 }
  expect(await encode([{ statement_id: 0, series }], limit)).toBe(
    await encode([{ statement_id: 0, series: rows }], limit),
  )
})

it('refuses infinite numbers of columns', async () => {
  const held = [
    { numbers: Float64Array.of(1) },
    { numbers: Float64Array.of(Number.POSITIVE_INFINITY) },
  ]
  const series = seriesOfColumns({ columns: ['time', 'v'] }, { rowCount: 1, columns: held })
  await expect(encode([{ statement_id: 0, series: [series] }])).rejects.toThrow(
    'unsupported value: +Inf',
  )
})
