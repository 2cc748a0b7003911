import type { StatementResult, Value } from '@warren/influxql/answers/result'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CsvOfJson } from './csv-of-json.ts'
import { encodeResults, toValue } from './encode.ts'
import { CsvWriter, csvOfError } from './encode-csv.ts'

/** Of the answer in pieces of so many bytes. */
async function encode(results: readonly StatementResult[], length = 1e6): Promise<string> {
  const { plain } = await encodeResults(results, { maxBytes: 1e6 })
  const json = plain.join()
  const csv = new CsvOfJson()
  const made: Uint8Array[] = []
  for (let at = 0; at < json.length; at += length)
    made.push(csv.add(json.subarray(at, at + length)))
  return Buffer.concat([...made, csv.end()]).toString()
}

const columns = ['time', 'v']

it('has a header a statement, and a new one where columns change', async () => {
  const cpu = { name: 'cpu', tags: { 'k v': 'a=b,c', host: 'a' }, columns, values: [[1, 1.5]] }
  const mem = { name: 'mem', columns: ['time', 'a,b'], values: [[2, null]] }
  const results = [
    { statement_id: 0, series: [cpu, { ...cpu, tags: { host: '' } }, mem] },
    { statement_id: 1 },
    { statement_id: 2, series: [mem] },
  ]
  expect(await encode(results)).toBe(
    [
      'name,tags,time,v\ncpu,"host=a,k\\ v=a\\=b\\,c",1,1.5\ncpu,,1,1.5\n',
      'name,tags,time,"a,b"\nmem,,2,\n',
      'name,tags,time,"a,b"\nmem,,2,\n',
    ].join('\n'),
  )
})

it.each<[Value, string]>([
  [9223372036854775807n, '9223372036854775807'],
  [-0, '-0'],
  [1e21, '1000000000000000000000'],
  [-1.25e22, '-12500000000000000000000'],
  [1.5e-7, '0.00000015'],
  [123456.75, '123456.75'],
  [true, 'true'],
  ['say "so"', '"say ""so"""'],
  [' blank first', '" blank first"'],
  ['two\nlines', '"two\nlines"'],
  ['', ''],
])('writes %s as %s', async (value, text) => {
  const series = { name: 'm', columns: ['v'], values: [[value]] }
  expect(await encode([{ statement_id: 0, series: [series] }])).toBe(`name,tags,v\nm,,${text}\n`)
})

it('says errors', async () => {
  expect(csvOfError('no, "never"')).toBe('error\n"no, ""never"""\n')
  await expect(encode([{ statement_id: 0 }, { statement_id: 1, error: 'x' }])).rejects.toThrow('x')
})

/** A row as JSON that is read value by value, for the blank before it. */
const parsed = (row: readonly Value[]): string =>
  ` [${row.map((value) => (value === null ? 'null' : toValue(value))).join(',')}]`

it('is the same of pieces that end anywhere', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(']]}', '],[', '"values":[[', '\\', '\\"', '},{', 'ä€𝄞', '"error":"no"'),
  )
  const number = fc.oneof(
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
  )
  const rowsOf = (value: fc.Arbitrary<Value>) =>
    fc.array(fc.array(fc.option(value), { minLength: 2, maxLength: 2 }), { maxLength: 4 })
  const rows = fc.oneof(rowsOf(fc.integer()), rowsOf(number), rowsOf(fc.oneof(number, text)))
  const series = fc.record({ name: text, tags: fc.dictionary(text, text), values: rows })
  const results = fc.array(
    fc.record({
      series: fc.array(series, { maxLength: 3 }),
      messages: fc.constantFrom([], [{ level: 'warning', text: '],[' }] as const),
    }),
    { minLength: 1, maxLength: 3 },
  )
  await fc.assert(
    fc.asyncProperty(results, fc.integer({ min: 1, max: 50 }), async (parts, length) => {
      const all = parts.map(({ series, ...rest }, id): StatementResult => {
        const named = series.map((one) => ({ ...one, columns }))
        return { statement_id: id, ...rest, ...(named.length > 0 && { series: named }) }
      })
      const writer = new CsvWriter()
      let expected = ''
      for (const { series = [] } of all) {
        writer.result()
        for (const one of series)
          expected +=
            writer.series(one) + one.values.map((row) => writer.rows(parsed(row))).join('')
      }
      expect(await encode(all, length)).toBe(expected)
    }),
  )
})

it('is none of rows that are no JSON', () => {
  const json = '{"results":[{"statement_id":0,"series":[{"columns":["v"],"values":[[nonsense]]}]}]}'
  expect(() => new CsvOfJson().add(Buffer.from(json))).toThrow('no JSON')
})
