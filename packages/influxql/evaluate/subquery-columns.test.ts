import { expect, test } from 'vitest'
import { parseQuery } from '../parse.ts'
import { createMemorySource } from '../testing.ts'
import { evaluateStatement } from './evaluate.ts'

const source = createMemorySource(['u,h=a v=1i 1000000000', 'u,h=b v=11i 11000000000'])

/** The columns, then the rows. */
async function ask(text: string) {
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('no statement')
  const { series = [], error } = await evaluateStatement(statement, {
    ...{ source, nowNs: 0n, epoch: 's' },
  })
  return error ?? series.flatMap(({ columns, values }) => [columns.slice(1).join(), ...values])
}

// Every answer here is one of InfluxDB 1.6.7 to the same lines.

const tags = ['h', [1, 'a'], [11, 'b']]
const values = ['v', [1, 1], [11, 11]]
const counts = ['count_v', [0, 2]]

test.each([
  ['*::tag FROM (SELECT v, h FROM u)', tags],
  ['*::tag FROM (SELECT (h), v FROM u)', tags],
  ['*::tag FROM (SELECT * FROM (SELECT v, h FROM u))', tags],
  ['*::field FROM (SELECT v, h FROM u)', values],
  ['h::tag FROM (SELECT v, h FROM u)', tags],
  ['count(*) FROM (SELECT * FROM u)', counts],
  ['count(/./) FROM (SELECT v, h FROM u)', counts],
  ["v FROM (SELECT v, h FROM u) WHERE h::tag = 'a'", ['v', [1, 1]]],
  [
    'v + h FROM (SELECT v, h FROM u)',
    'type error: v::integer + h::tag: incompatible types: integer and tag',
  ],
])('a tag that a subquery selects is a tag: %s', async (text, expected) => {
  expect(await ask(`SELECT ${text}`)).toEqual(expected)
})

test.each([
  ['nosuch FROM (SELECT v, h FROM u)', []],
  ['nosuch + 1 FROM (SELECT v, h FROM u)', []],
  ['h FROM (SELECT v FROM u)', []],
  ['h FROM (SELECT v FROM u) GROUP BY h', []],
  ['h, v FROM (SELECT v FROM u) GROUP BY h', ['h,v', [1, null, 1], 'h,v', [11, null, 11]]],
  ['h FROM (SELECT v FROM u GROUP BY h)', tags],
])('of a subquery only what it has can be selected: %s', async (text, expected) => {
  expect(await ask(`SELECT ${text}`)).toEqual(expected)
})

test.each([
  ['v::string', ['v', [1, 1], [11, 11]]],
  ['v::tag', ['v', [1, 1], [11, 11]]],
  ['w::integer', ['w', [1, 0], [11, 5]]],
])(
  'a number of a subquery is cast to a number, and to nothing else: %s',
  async (field, expected) => {
    expect(await ask(`SELECT ${field} FROM (SELECT v, v / 2.0 AS w FROM u)`)).toEqual(expected)
  },
)
