import type { StatementResult } from '@warren/influxql/result'
import { expect, it } from 'vitest'
import { encodeResults } from './encode.ts'

const encode = async (results: readonly StatementResult[], options = {}): Promise<string> =>
  (await encodeResults(results, { pretty: false, maxBytes: 1e6, ...options })).toString()

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

it('is the same JSON when pretty, and over many rows', async () => {
  const values = Array.from({ length: 12_001 }, (_, row) => [row, null])
  const results = [{ statement_id: 0, series: [{ name: 'm', columns: ['time', 'v'], values }] }]
  const text = await encode(results)
  expect(JSON.parse(text)).toEqual({ results })
  const pretty = await encode(results, { pretty: true })
  expect(pretty.startsWith('{\n    "results": [')).toBe(true)
  expect(JSON.parse(pretty)).toEqual({ results })
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

it('is pretty without losing digits', async () => {
  const series = { name: 'm', columns: ['time', 'v'], values: [[0, 9223372036854775807n]] }
  const pretty = await encode([{ statement_id: 0, series: [series] }], { pretty: true })
  expect(pretty).toContain('                        9223372036854775807\n')
})
