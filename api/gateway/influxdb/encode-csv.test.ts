import type { StatementResult, Value } from '@warren/influxql/result'
import { expect, it } from 'vitest'
import { csvOfError, encodeCsv } from './encode-csv.ts'

const encode = async (results: readonly StatementResult[], maxBytes = 1e6): Promise<string> =>
  (await encodeCsv(results, maxBytes)).toString()

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

it('says errors, and stops at the bound', async () => {
  expect(csvOfError('no, "never"')).toBe('error\n"no, ""never"""\n')
  await expect(encode([{ statement_id: 0 }, { statement_id: 1, error: 'x' }])).rejects.toThrow('x')
  const values = Array.from({ length: 20_000 }, (_, row) => [row, row])
  const large = encode([{ statement_id: 0, series: [{ name: 'm', columns, values }] }], 10_000)
  await expect(large).rejects.toMatchObject({ code: 'answer_too_large' })
})
