import { expect, test } from 'vitest'
import { parseQuery } from './parse.ts'
import { withoutTags } from './strip.ts'

const hidden = new Set(['tenant'])

function stripped(series: Parameters<typeof withoutTags>[0][number]['series']) {
  const [result] = withoutTags([{ statement_id: 0, ...(series ? { series } : {}) }], [], hidden)
  return result?.series
}

test('hides a tag of series and a column', () => {
  expect(
    stripped([
      { name: 'cpu', tags: { host: 'a', tenant: 'x' }, columns: ['time', 'v'], values: [[1, 2]] },
      {
        name: 'cpu',
        tags: { tenant: 'x' },
        columns: ['time', 'tenant', 'v'],
        values: [[1, 'x', 2]],
      },
    ]),
  ).toEqual([
    { name: 'cpu', tags: { host: 'a' }, columns: ['time', 'v'], values: [[1, 2]] },
    { name: 'cpu', columns: ['time', 'v'], values: [[1, 2]] },
  ])
})

test('hides a key of SHOW TAG KEYS and SHOW TAG VALUES', () => {
  expect(
    stripped([
      { name: 'cpu', columns: ['tagKey'], values: [['host'], ['tenant']] },
      {
        name: 'cpu',
        columns: ['key', 'value'],
        values: [
          ['tenant', 'x'],
          ['host', 'tenant'],
        ],
      },
      { name: 'mem', columns: ['tagKey'], values: [['tenant']] },
    ]),
  ).toEqual([
    { name: 'cpu', columns: ['tagKey'], values: [['host']] },
    { name: 'cpu', columns: ['key', 'value'], values: [['host', 'tenant']] },
  ])
})

test('hides a tag within series keys, escaped or not', () => {
  expect(
    stripped([
      {
        columns: ['key'],
        values: [['cpu,host=a\\,tenant\\=y,tenant=x,z=1'], ['cpu,tenant=x'], ['cpu,tenant=y']],
      },
    ]),
  ).toEqual([{ columns: ['key'], values: [['cpu,host=a\\,tenant\\=y,z=1'], ['cpu']] }])
})

test('leaves a result without series and errors alone', () => {
  const results = [{ statement_id: 0 }, { statement_id: 1, error: 'x' }]
  expect(withoutTags(results, [], hidden)).toEqual(results)
})

test('takes hidden tags out of the numbers of tag keys', () => {
  const counts = { name: 'cpu', columns: ['count'], values: [[3]] }
  const statements = parseQuery('SHOW TAG KEY CARDINALITY')
  const one = new Set(['tenant'])
  expect(withoutTags([{ statement_id: 0, series: [counts] }], statements, one)).toEqual([
    { statement_id: 0, series: [{ ...counts, values: [[2]] }] },
  ])
})
