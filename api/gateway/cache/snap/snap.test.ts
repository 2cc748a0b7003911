import { parseQuery } from '@warren/influxql/parse'
import { printStatement } from '@warren/influxql/print'
import { expect, it } from 'vitest'
import { gridAt } from './grid.ts'
import { snapStatement } from './snap.ts'

const nowMs = Date.UTC(2026, 10, 20, 12, 0, 7, 300)
const gridMs = gridAt(nowMs)
const clock = { nowNs: BigInt(nowMs) * 1_000_000n, gridNowNs: BigInt(gridMs) * 1_000_000n }
const hourMs = 3_600_000

function snapped(text: string): string {
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('no statement')
  return printStatement(snapStatement(statement, clock).statement)
}

const overRange = (fromMs: number, toMs: number) =>
  snapped(`SELECT mean(v) FROM m WHERE h = 'a' AND time >= ${fromMs}ms AND time <= ${toMs}ms`)
const expected = (fromMs: number, toMs: number) =>
  `SELECT mean(v) FROM m WHERE h = 'a' AND time >= ${fromMs}000000 AND time <= ${toMs}000000`.replace(
    "h = 'a'",
    "(h = 'a')",
  )

it('moves both ends of a live range back by the same, to the grid', () => {
  for (const toMs of [nowMs, nowMs - 9999, nowMs + 9999, nowMs - 1, gridMs, gridMs + 4999]) {
    const end = gridAt(toMs)
    const shift = toMs - end
    expect(shift).toBeLessThan(5000)
    expect(overRange(toMs - 12_345, toMs)).toBe(expected(toMs - 12_345 - shift, end))
  }
})

it('lets a start within 50 ms of the grid join it', () => {
  expect(overRange(nowMs - hourMs - 50, nowMs)).toBe(expected(gridMs - hourMs, gridMs))
  expect(overRange(nowMs - hourMs + 50, nowMs)).toBe(expected(gridMs - hourMs, gridMs))
  expect(overRange(nowMs - hourMs - 51, nowMs)).toBe(expected(gridMs - hourMs - 51, gridMs))
})

it('never moves a range that ends in the past, or in the future', () => {
  for (const toMs of [nowMs - 10_001, nowMs + 10_001, nowMs - hourMs + 1])
    expect(overRange(toMs - hourMs, toMs)).toBe(expected(toMs - hourMs, toMs))
  const past = 'SELECT v FROM m WHERE time > now() - 2h AND time < now() - 1h'
  expect(snapped(past)).toContain(`time <= ${BigInt(nowMs - hourMs) * 1_000_000n - 1n}`)
})

it('takes an end that is excluded as the end it names', () => {
  expect(snapped(`SELECT v FROM m WHERE time < ${gridMs}ms AND time > ${gridMs - 10_000}ms`)).toBe(
    `SELECT v FROM m WHERE time >= ${gridMs - 10_000}000001 AND time <= ${BigInt(gridMs) * 1_000_000n - 1n}`,
  )
})

it('keeps a strict start strict, on the grid, near it and away from it', () => {
  const start = (text: string) => /time >= (-?\d+)/.exec(snapped(text))?.[1]
  const since = (fromMs: number) =>
    start(`SELECT v FROM m WHERE time > ${fromMs}ms AND time < ${nowMs}ms`)
  expect(since(nowMs - hourMs)).toBe(`${gridMs - hourMs}000001`)
  expect(since(nowMs - hourMs - 50)).toBe(`${gridMs - hourMs}000001`)
  expect(since(nowMs - hourMs - 51)).toBe(`${gridMs - hourMs - 51}000001`)
  expect(start('SELECT v FROM m WHERE time > now() - 1h')).toBe(`${gridMs - hourMs}000001`)
})

it('reads now() as the moment of the grid, and ends windows there', () => {
  expect(snapped('SELECT last(v) FROM m WHERE time >= now() - 1h')).toBe(
    `SELECT last(v) FROM m WHERE time >= ${gridMs - hourMs}000000`,
  )
  expect(snapped('SELECT mean(v) FROM m WHERE time >= now() - 1h GROUP BY time(1m)')).toBe(
    `SELECT mean(v) FROM m WHERE time >= ${gridMs - hourMs}000000 AND time <= ${gridMs}000000 GROUP BY time(1m)`,
  )
})

it('moves a query and the query within it alike, and leaves what has several ranges', () => {
  const inner = `SELECT sum(v) AS s FROM m WHERE time >= ${nowMs - hourMs}ms AND time <= ${nowMs}ms GROUP BY time(1m)`
  const range = `time >= ${gridMs - hourMs}000000 AND time <= ${gridMs}000000`
  expect(snapped(`SELECT max(s) FROM (${inner})`)).toContain(`WHERE ${range} GROUP BY`)
  const twice = `SELECT max(s) FROM (${inner}) WHERE time >= ${nowMs - hourMs}ms AND time <= ${nowMs}ms`
  expect(snapped(twice).split(range)).toHaveLength(3)
  const several = `SELECT max(s) FROM (${inner}) WHERE time >= 0 AND time <= ${nowMs}ms`
  expect(snapped(several)).toBe(printStatement(parseQuery(several)[0] as never))
})

it('leaves a condition that is wrong to the store, and what has no range', () => {
  for (const text of ['SELECT v FROM m WHERE time != 3', 'SELECT v FROM m', 'SHOW MEASUREMENTS'])
    expect(snapped(text)).toBe(text)
})
