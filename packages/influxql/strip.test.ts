import { expect, test } from 'vitest'
import { stripKeyCounts, stripTags } from './strip.ts'

const hidden = new Set(['tenant'])

function stripped(series: Parameters<typeof stripTags>[0][number]['series']) {
  const [result] = stripTags([{ statement_id: 0, ...(series ? { series } : {}) }], hidden)
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
  expect(stripTags(results, hidden)).toEqual(results)
})

test('takes a hidden tag out of the numbers of tag keys', () => {
  const counts = { name: 'cpu', columns: ['count'], values: [[3]] }
  expect(stripKeyCounts({ statement_id: 0, series: [counts] }, 1)).toEqual({
    statement_id: 0,
    series: [{ ...counts, values: [[2]] }],
  })
})
