import { describe, expect, test } from 'vitest'
import { parseQuery } from '../parse.ts'
import { createMemorySource } from '../testing.ts'
import { evaluateStatement } from './evaluate.ts'

const source = createMemorySource([
  'm,host=a v=1 60000000000',
  'm,host=b v=2 60000000000',
  'm,host=c v=9 60000000000',
  'm,host=a v=3 120000000000',
  'm,host=b v=5 180000000000',
  'm,host=a,zone=x v=7 240000000000',
  'm,host=b,zone=x v=8 240000000000',
  'm,host=c v=4 240000000000',
])

async function rows(text: string, from = source) {
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('no statement')
  const { series, error } = await evaluateStatement(statement, {
    source: from,
    nowNs: 0n,
    epoch: 's',
  })
  return error ?? (series ?? []).map(({ values }) => values)
}

const range = 'time >= 0 AND time < 5m'
const filled = (fill: string) =>
  `(SELECT sum(v) AS x FROM m WHERE ${range} AND host != 'c' GROUP BY time(2m), host fill(${fill}))`

// Every answer here is one of InfluxDB 1.6.7 to the same lines.

test('fill() begins anew wherever the next bucket is of another series that the query around does not tell apart', async () => {
  const runs = [
    [0, 1, 'a'],
    [120, 0, 'a'],
    [240, 0, 'a'],
    [0, 2, 'b'],
    [120, 0, 'b'],
    [240, 0, 'b'],
    [0, 0, 'a'],
    [120, 3, 'a'],
    [240, 0, 'a'],
    [0, 0, 'b'],
    [120, 5, 'b'],
    [240, 0, 'b'],
    [0, 0, 'a'],
    [120, 0, 'a'],
    [240, 7, 'a'],
    [0, 0, 'b'],
    [120, 0, 'b'],
    [240, 8, 'b'],
  ]
  expect(await rows(`SELECT x, host FROM ${filled('0')} WHERE ${range}`)).toEqual([runs])
  const descending = await rows(
    `SELECT x, host FROM ${filled('0')} WHERE ${range} ORDER BY time DESC`,
  )
  expect(descending[0]?.slice(0, 6)).toEqual([
    [240, 7, 'a'],
    [120, 0, 'a'],
    [0, 0, 'a'],
    [240, 8, 'b'],
    [120, 0, 'b'],
    [0, 0, 'b'],
  ])
  expect(await rows(`SELECT sum(x) FROM ${filled('previous')} WHERE ${range}`)).toEqual([[[0, 40]]])
  const slopes = await rows(`SELECT derivative(x, 1m) FROM ${filled('0')} WHERE ${range}`)
  expect(slopes[0]?.slice(0, 6)).toEqual([
    [120, -0.5],
    [240, 0],
    [0, -0.5],
    [120, -1],
    [240, 0],
    [0, -0],
  ])
})

test('rows of a subquery come in the order in which all series of the query around are merged', async () => {
  const merged = [
    [60, 1],
    [60, 9],
    [60, 2],
    [120, 3],
    [180, 5],
    [240, 8],
    [240, 7],
    [240, 4],
  ]
  expect(await rows('SELECT v FROM m')).toEqual([merged])
  expect(await rows('SELECT x FROM (SELECT v AS x FROM m GROUP BY zone)')).toEqual([merged])
})

test('SLIMIT around a subquery counts the sets of the measurement, also those without a point', async () => {
  const limited = (within: string) =>
    `SELECT sum(x) FROM (SELECT v AS x FROM m WHERE ${within} GROUP BY host) WHERE ${within} GROUP BY host SLIMIT 1`
  expect(await rows(limited('time > 100s AND time < 210s'))).toEqual([[[100, 3]]])
  expect(await rows(limited('time > 150s AND time < 210s'))).toEqual([])
})

test.each([
  ['first(v)', [60, 9]],
  ['last(v)', [240, 8]],
  ['first(v), host', [60, 2, 'b']],
])(
  '%s of several at one time is the greatest of the two that are met first',
  async (fields, row) => {
    expect(await rows(`SELECT ${fields} FROM m`)).toEqual([[row]])
  },
)

test('a deviation passes over what is no number', async () => {
  const deviations = `SELECT stddev(v) AS x FROM m WHERE ${range} GROUP BY time(1m)`
  expect(await rows(`SELECT stddev(x), count(x) FROM (${deviations}) WHERE ${range}`)).toEqual([
    [[0, 1.610246857096514, 4]],
  ])
})

describe('a quotient of integers in a subquery', () => {
  const source = createMemorySource([
    'u,h=a v=1i 1000000000',
    'u,h=a v=2i 2000000000',
    'u,h=a v=4i 4000000000',
    'u,h=b v=11i 11000000000',
    'u,h=b v=-14i 14000000000',
  ])
  const values = async (text: string) => {
    const found = await rows(text, source)
    return typeof found === 'string' ? found : found[0]?.map(([, value]) => value)
  }

  test.each([
    ['x FROM (SELECT v / 4 AS x FROM u)', [0, 0, 1, 2, -3]],
    ['x FROM (SELECT v / 4 AS x FROM u) WHERE x > 0', [1, 2]],
    ['x FROM (SELECT (v / 4) * 2 AS x FROM u)', [0, 1, 2, 5, -7]],
    ['x FROM (SELECT floor(v / 4) AS x FROM u)', [0, 0, 1, 2, -4]],
    ['y FROM (SELECT x / 2 AS y FROM (SELECT v / 4 AS x FROM u))', [0, 0, 0, 1, -1]],
    ['count(distinct(x)) FROM (SELECT v / 4 AS x FROM u)', [4]],
    ['mean(x) FROM (SELECT sum(v) / count(v) AS x FROM u GROUP BY h)', [0.5]],
    ['derivative(x, 1s) FROM (SELECT v / 4 AS x FROM u WHERE v > 1)', [0.5, 1 / 7]],
    ['x FROM (SELECT v / 4.0 AS x FROM u)', [0.25, 0.5, 1, 2.75, -3.5]],
  ])('is an integer to the query around it: %s', async (text, expected) => {
    expect(await values(`SELECT ${text}`)).toEqual(expected)
  })
})

test.each([
  [
    'SELECT DISTINCT v FROM (SELECT v, host FROM m WHERE v < 3)',
    [
      [0, 1],
      [0, 2],
    ],
  ],
  ['SELECT DISTINCT v FROM (SELECT v FROM m) WHERE v = 9 GROUP BY host', [[0, 9]]],
  ['SELECT count(DISTINCT v) FROM (SELECT v FROM m)', [[0, 8]]],
])('%s', async (text, expected) => {
  expect(await rows(text)).toEqual([expected])
})

test.each([
  ['d', Math.SQRT2],
  ['e', null],
])(
  'what is no number is not greater than a number of the same time: %s',
  async (name, expected) => {
    const from = createMemorySource([
      'd,h=a v=1 1000000000',
      'd,h=a v=3 2000000000',
      'd,h=b v=5 1000000000',
      'e,h=a v=5 1000000000',
      'e,h=b v=1 1000000000',
      'e,h=b v=3 2000000000',
    ])
    const within = 'time >= 0s AND time < 8s'
    const deviations = `SELECT stddev(v) AS x FROM ${name} WHERE ${within} GROUP BY h`
    const text = `SELECT last(x) FROM (${deviations}) WHERE ${within} GROUP BY time(8s)`
    expect(await rows(text, from)).toEqual([[[0, expected]]])
  },
)
