import { expect, test } from 'vitest'
import { parseQuery } from '../../parse.ts'
import { createMemorySource } from '../../testing.ts'
import { evaluateStatement } from '../evaluate.ts'

const source = createMemorySource(['u,h=a v=1i 1000000000', 'u,h=b v=11i 11000000000'])

/** The columns and the first row. */
async function ask(text: string) {
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('no statement')
  const { series, error } = await evaluateStatement(statement, { source, nowNs: 0n, epoch: 's' })
  return error ?? [series?.[0]?.columns.join(), series?.[0]?.values[0]]
}

// Every answer here is one of InfluxDB 1.6.7 to the same lines.

test.each([
  ['(mean(*))', ['time,mean_v', [0, 6]]],
  ['((max(/v/))) AS x', ['time,x_v', [11, 11]]],
  ['(cumulative_sum(*))', ['time,cumulative_sum_v', [1, 1]]],
  ['(*)', ['time,h,v', [1, 'a', 1]]],
  ['(*::tag), v', ['time,h,v', [1, 'a', 1]]],
  ['(top(v, h, 1))', ['time,top,h', [11, 11, 'b']]],
  ['(time), (v)', ['time,v', [1, 1]]],
  ['(DISTINCT v)', ['time,distinct', [0, 1]]],
])('SELECT %s: parentheses around what is no operation say nothing', async (fields, expected) => {
  expect(await ask(`SELECT ${fields} FROM u`)).toEqual(expected)
})
