import { describe, expect, test } from 'vitest'
import { parseQuery } from '../parse.ts'
import { createMemorySource } from '../testing.ts'
import { evaluateStatement } from './evaluate.ts'

const source = createMemorySource([
  'u,h=a v=1i 1000000000',
  'u,h=a v=2i 2000000000',
  'u,h=b v=11i 11000000000',
  's,h=b v=5i 11000000000',
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
