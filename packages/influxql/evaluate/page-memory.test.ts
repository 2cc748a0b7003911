import { expect, test } from 'vitest'
import type { StatementResult } from '../answers/result.ts'
import { columnsOf } from '../answers/result-columns.ts'
import { parseQuery } from '../parse.ts'
import { createMemorySource } from '../testing.ts'
import { evaluateStatement } from './evaluate.ts'

const hosts = 20
const buckets = 600

/** A point in each second of each host. */
const lines = Array.from(
  { length: hosts * buckets },
  (_, at) => `m,host=h${at % hosts} v=${at} ${Math.floor(at / hosts)}000000000`,
)

async function ask(page: string) {
  const [statement] = parseQuery(
    `SELECT mean(v) FROM m WHERE time >= 0 AND time < ${buckets}s GROUP BY time(1s), host ${page}`,
  )
  if (statement === undefined) throw new Error('no statement')
  const source = createMemorySource(lines)
  return await evaluateStatement(statement, { source, nowNs: 0n, epoch: 's' })
}

/** Of the memory under all columns, which is what a thread is sent with them. */
function heldBytes({ series = [] }: Pick<StatementResult, 'series'>): number {
  const buffers = new Set<ArrayBufferLike>()
  for (const one of series)
    for (const column of columnsOf(one)?.columns ?? [])
      if ('numbers' in column) buffers.add(column.numbers.buffer)
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0)
}

test.each(['', 'ORDER BY time DESC'])('all buckets are held about once (%s)', async (order) => {
  const answer = await ask(order)
  const numbers = hosts * buckets
  expect(answer.series).toHaveLength(hosts)
  expect(heldBytes(answer)).toBeGreaterThan(8 * numbers)
  expect(heldBytes(answer)).toBeLessThan(8 * (2 * numbers + buckets))
})

test.each(['LIMIT 1', 'LIMIT 2 OFFSET 5', 'ORDER BY time DESC LIMIT 1'])(
  'of %s no more than its rows are held',
  async (page) => {
    const answer = await ask(page)
    expect(answer.series).toHaveLength(hosts)
    expect(heldBytes(answer)).toBeLessThan(4096)
  },
)
