import { expect, test } from 'vitest'
import { parseQuery } from '../parse.ts'
import type { ResultSeries } from './result.ts'
import { withoutTags } from './strip.ts'

const hidden = new Set(['tenant'])

function stripped(text: string, series: readonly ResultSeries[]) {
  const [result] = withoutTags([{ statement_id: 0, series }], parseQuery(text), hidden)
  return result?.series
}

test('hides a tag of series, and no column', () => {
  expect(
    stripped('SELECT v AS tenant FROM cpu GROUP BY *', [
      { name: 'cpu', tags: { host: 'a', tenant: 'x' }, columns: ['time', 'v'], values: [[1, 2]] },
      { name: 'cpu', tags: { tenant: 'x' }, columns: ['time', 'tenant'], values: [[1, 2]] },
    ]),
  ).toEqual([
    { name: 'cpu', tags: { host: 'a' }, columns: ['time', 'v'], values: [[1, 2]] },
    { name: 'cpu', columns: ['time', 'tenant'], values: [[1, 2]] },
  ])
})

test('takes rows of a SELECT for no keys, whatever it calls its columns', () => {
  const key = { name: 'm', columns: ['key', 'value'], values: [['tenant', 1]] }
  expect(stripped('SELECT time AS "key", v AS value FROM m', [key])).toEqual([key])
})

test('hides a key of SHOW TAG KEYS and SHOW TAG VALUES', () => {
  expect(
    stripped('SHOW TAG KEYS', [
      { name: 'cpu', columns: ['tagKey'], values: [['host'], ['tenant']] },
      { name: 'mem', columns: ['tagKey'], values: [['tenant']] },
    ]),
  ).toEqual([{ name: 'cpu', columns: ['tagKey'], values: [['host']] }])
  const values = [
    ['tenant', 'x'],
    ['host', 'tenant'],
  ]
  expect(
    stripped('SHOW TAG VALUES WITH KEY =~ /./', [
      { name: 'cpu', columns: ['key', 'value'], values },
    ]),
  ).toEqual([{ name: 'cpu', columns: ['key', 'value'], values: [['host', 'tenant']] }])
})

test('cuts the page that was asked for once hidden keys are away', () => {
  const keys = [['host'], ['region'], ['tenant'], ['zone']]
  const all = [{ name: 'cpu', columns: ['tagKey'], values: keys }]
  expect(stripped('SHOW TAG KEYS LIMIT 2 OFFSET 1', all)).toMatchObject([
    { values: [['region'], ['zone']] },
  ])
  expect(stripped('SHOW TAG KEYS OFFSET 3', all)).toBeUndefined()
})

test('hides a tag within series keys, escaped or not', () => {
  const values = [['cpu,host=a\\,tenant\\=y,tenant=x,z=1'], ['cpu,tenant=x'], ['cpu,tenant=y']]
  expect(stripped('SHOW SERIES', [{ columns: ['key'], values }])).toEqual([
    { columns: ['key'], values: [['cpu,host=a\\,tenant\\=y,z=1'], ['cpu']] },
  ])
})

test('leaves a result without series and errors alone', () => {
  const results = [{ statement_id: 0 }, { statement_id: 1, error: 'x' }]
  expect(withoutTags(results, parseQuery('SHOW SERIES; SHOW SERIES'), hidden)).toEqual(results)
})

test('takes hidden tags out of the numbers of tag keys', () => {
  const counts = { name: 'cpu', columns: ['count'], values: [[3]] }
  expect(stripped('SHOW TAG KEY CARDINALITY', [counts])).toEqual([{ ...counts, values: [[2]] }])
})
