import { describe, expect, test } from 'vitest'
import { parseQuery } from '../../parse.ts'
import { createMemorySource } from '../../testing.ts'
import { evaluateStatement } from '../evaluate.ts'

const hourMs = 3_600_000

/** A point each hour of the days around a change. */
const source = createMemorySource(
  ['2023-03-25T00:00Z', '2023-10-28T00:00Z'].flatMap((first) =>
    Array.from(
      { length: 72 },
      (_, hour) => `m v=${hour} ${BigInt(Date.parse(first) + hour * hourMs) * 1_000_000n}`,
    ),
  ),
)
const nights = {
  spring: "time >= '2023-03-25T22:00:00Z' AND time < '2023-03-26T06:00:00Z'",
  autumn: "time >= '2023-10-28T21:00:00Z' AND time < '2023-10-29T05:00:00Z'",
}

async function counts(night: keyof typeof nights, interval: string, call: string) {
  const text = `SELECT ${call} FROM m WHERE ${nights[night]} GROUP BY time(${interval}) fill(none) tz('Europe/Paris')`
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('no statement')
  const { series, error } = await evaluateStatement(statement, {
    ...{ source, nowNs: 0n, epoch: undefined },
  })
  const rows = series?.[0]?.values.map(([time, count]) => `${String(time).slice(5, 16)} ${count}`)
  return error ?? rows?.join(', ')
}

// What InfluxDB 1.6.7 answers, in the local time of Paris.
const answers = [
  ['spring', '2h', '03-25T22:00 1, 03-26T00:00 2, 03-26T03:00 1, 03-26T04:00 2, 03-26T06:00 2'],
  ['spring', '5h', '03-25T21:00 3, 03-26T03:00 4, 03-26T07:00 1'],
  ['spring', '90m', '03-25T22:30 1, 03-26T00:00 2, 03-26T03:00 2, 03-26T04:30 1, 03-26T06:00 2'],
  [
    'spring',
    '2h,-20m',
    '03-25T21:40 1, 03-25T23:40 2, 03-26T01:40 1, 03-26T03:40 2, 03-26T05:40 2',
  ],
  ['spring', '1d,2h', '03-25T02:00 3, 03-26T03:00 5'],
  ['autumn', '2h', '10-28T22:00 1, 10-29T00:00 2, 10-29T02:00 3, 10-29T04:00 2'],
  ['autumn', '5h', '10-28T23:00 6, 10-29T04:00 2'],
  ['autumn', '2h,-20m', '10-28T21:40 1, 10-28T23:40 2, 10-29T01:40 3, 10-29T03:40 2'],
  ['autumn', '1d,2h', '10-28T02:00 3, 10-29T02:00 5'],
] as const

describe.each(['count(v)', 'count(distinct(v))'])('%s where the clock changes', (call) => {
  test.each(answers)('in %s, by %s', async (night, interval, expected) => {
    expect(await counts(night, interval, call)).toBe(expected)
  })
})
