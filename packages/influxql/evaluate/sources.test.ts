import { describe, expect, test } from 'vitest'
import { parseQuery } from '../parse.ts'
import { createMemorySource } from '../testing.ts'
import { evaluateStatement } from './evaluate.ts'

const source = createMemorySource([
  'u,h=a v=1i 1000000000',
  'u,h=a v=2i 2000000000',
  'u,h=b v=11i 11000000000',
  's,h=b v=5i 11000000000',
  'mix1 v=1i 1000000000',
  'mix1 v=2i 2000000000',
  'mix2 v=2.5 1000000000',
  'mix3 v="s" 1000000000',
  'mix4 v=true 1000000000',
  'mix5,v=tagged w=1 1000000000',
])

/** By series: its name, and its rows as seconds and values. */
async function ask(text: string) {
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('no statement')
  const { series, error } = await evaluateStatement(statement, { source, nowNs: 0n, epoch: 's' })
  return error ?? (series ?? []).map(({ name, values }) => [name, ...values])
}

// Every answer here is one of InfluxDB 1.6.7 to the same lines.

describe('a source that is named twice is read twice', () => {
  test.each([
    ['SELECT count(v) FROM u, u', [['u', [0, 6]]]],
    [
      'SELECT count(v) FROM /u/, u, s',
      [
        ['s', [0, 1]],
        ['u', [0, 6]],
      ],
    ],
    ['SELECT v FROM u, u WHERE v < 3', [['u', [1, 1], [1, 1], [2, 2], [2, 2]]]],
    ['SELECT sum(v) FROM u, u WHERE time >= 0s AND time < 4s GROUP BY time(4s)', [['u', [0, 6]]]],
    ['SELECT top(v, 3) FROM u, u', [['u', [2, 2], [11, 11], [11, 11]]]],
    ['SELECT count(v) FROM (SELECT v FROM u, u)', [['u', [0, 6]]]],
  ])('%s', async (text, expected) => {
    expect(await ask(text)).toEqual(expected)
  })
})

describe('a field has one type over all sources, and none where it cannot be that', () => {
  const numbers = [
    ['mix1', [1, 1], [2, 2]],
    ['mix2', [1, 2.5]],
  ]
  test.each([
    ['SELECT v FROM /mix/', numbers],
    ['SELECT v::field FROM /mix[1-4]/', numbers],
    [
      'SELECT first(v) FROM /mix/',
      [
        ['mix1', [1, 1]],
        ['mix2', [1, 2.5]],
      ],
    ],
    [
      'SELECT max(v) FROM /mix/',
      [
        ['mix1', [2, 2]],
        ['mix2', [1, 2.5]],
      ],
    ],
    ['SELECT count(*) FROM mix3, mix1', [['mix1', [0, 2]]]],
    ['SELECT v FROM mix4, mix3', [['mix3', [1, 's']]]],
    [
      'SELECT v * 2 FROM /mix/',
      [
        ['mix1', [1, 2], [2, 4]],
        ['mix2', [1, 5]],
      ],
    ],
    ["SELECT v FROM mix1, mix3 WHERE v = 's'", []],
    ["SELECT w FROM mix5, mix1 WHERE v = 'tagged'", []],
    ["SELECT w FROM mix5 WHERE v = 'tagged'", [['mix5', [1, 1]]]],
    [
      'SELECT w, v FROM mix5, mix1',
      [
        ['mix1', [1, null, 1], [2, null, 2]],
        ['mix5', [1, 1, null]],
      ],
    ],
    ['SELECT x FROM (SELECT v / 2 AS x FROM mix1, mix3)', [['mix1', [1, 0], [2, 1]]]],
    [
      'SELECT v FROM (SELECT v FROM mix2), (SELECT v FROM mix3)',
      [
        ['mix2', [1, 2.5]],
        ['mix3', [1, 's']],
      ],
    ],
    ['SELECT max(v) FROM (SELECT v FROM mix1), (SELECT v FROM mix3)', [['mix1', [2, 2]]]],
    [
      'SELECT v & 1 FROM mix1, mix2',
      'type error: v::float & 1: incompatible types: float and integer',
    ],
  ])('%s', async (text, expected) => {
    expect(await ask(text)).toEqual(expected)
  })
})
