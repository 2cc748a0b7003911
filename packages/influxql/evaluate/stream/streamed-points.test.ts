import { expect, test } from 'vitest'
import { parseQuery } from '../../parse.ts'
import { createMemorySource } from '../../testing.ts'
import { evaluateStatement } from '../evaluate.ts'

const points = [0, 1, 2, 3, 4, 5].flatMap((at) =>
  ['a', 'b'].map((host) => `m,host=${host} v=${at} ${at * 30}000000000`),
)

test.each([
  ['mean(v)', '', '[[0,0.5],[60,2.5],[120,4.5]]'],
  ['mean(v)', 'fill(7) ORDER BY time DESC', '[[120,4.5],[60,2.5],[0,0.5]]'],
  ['sum(v)', 'LIMIT 1 OFFSET 1', '[[60,5]]'],
  ['floor(mean(v))', '', '[[0,0],[60,2],[120,4]]'],
  ['mean(v), mean(v)', '', '[[0,0.5,0.5],[60,2.5,2.5],[120,4.5,4.5]]'],
  ['max(v), count(v), max(v) * 2', 'fill(previous)', '[[0,1,2,2],[60,3,2,6],[120,5,2,10]]'],
  ['difference(mean(v))', '', '[[60,2],[120,2]]'],
])('where each bucket of each series has a point: %s %s', async (fields, clauses, expected) => {
  const [statement] = parseQuery(
    `SELECT ${fields} FROM m WHERE time >= 0 AND time < 3m GROUP BY time(1m), host ${clauses}`,
  )
  if (statement === undefined) throw new Error('no statement')
  const source = createMemorySource(points)
  const { series } = await evaluateStatement(statement, { source, nowNs: 0n, epoch: 's' })
  expect(series?.map(({ values }) => JSON.stringify(values))).toEqual([expected, expected])
})
