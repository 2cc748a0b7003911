import { parseQuery } from '@warren/influxql/parse'
import { rangeOf } from '@warren/influxql/time/time-bounds'
import { expect, it } from 'vitest'
import { clampQuery } from './clamp-query.ts'
import { priceOf } from './price.ts'

const nowNs = BigInt(Date.parse('2026-07-15T10:20:30Z')) * 1_000_000n
const hourNs = 3_600_000_000_000n

function clamp(text: string, maxCost: number) {
  const statements = parseQuery(text)
  const clamped = clampQuery({ statements, epoch: 'ms', nowNs }, maxCost, (select) =>
    priceOf([select], { nowNs }),
  )
  const [part] = clamped?.query.statements ?? []
  if (clamped === undefined || part?.kind !== 'select') return undefined
  const { minNs, maxNs } = rangeOf(part, nowNs)
  expect(minNs).toBe(clamped.fromNs)
  const cost = priceOf([part], { nowNs })
  return { fromNs: minNs, toNs: maxNs, cost }
}

it.each([
  ['SELECT mean(v) FROM m WHERE time > now() - 20d GROUP BY time(1h)', hourNs],
  ["SELECT mean(v) FROM m WHERE time > now() - 20d GROUP BY time(1d, 2h) tz('Asia/Kathmandu')", 1n],
  ['SELECT v FROM m', 1_000_000_000n],
  [
    'SELECT max(a) FROM (SELECT mean(v) AS a FROM m WHERE time > now() - 20d GROUP BY time(1m))',
    1n,
  ],
])('cuts the older end off %s, to a whole window, and no more than needed', (text, stepNs) => {
  const clamped = clamp(text, 10)
  expect(clamped?.toNs).toBe(nowNs)
  expect((clamped?.fromNs ?? 1n) % stepNs).toBe(0n)
  expect(clamped?.cost).toBeLessThanOrEqual(10)
  expect(clamped?.cost).toBeGreaterThan(8)
})

it('keeps the end of a range in the past', () => {
  const past = "time >= '2026-01-01T00:00:00Z' AND time < '2026-02-01T00:00:00Z'"
  const clamped = clamp(`SELECT mean(v) FROM m WHERE ${past} GROUP BY time(6h)`, 10)
  expect(clamped?.toNs).toBe(BigInt(Date.parse('2026-02-01T00:00:00Z')) * 1_000_000n - 1n)
  expect((clamped?.fromNs ?? 1n) % (6n * hourNs)).toBe(0n)
})

it.each([
  ['SELECT v FROM m; SELECT v FROM m', 10],
  ['SHOW MEASUREMENTS', 0],
  ['SELECT mean(v) FROM m WHERE time > now() - 20d GROUP BY time(30d)', 10],
  ['SELECT mean(v) FROM m WHERE time > now() - 20d', 0.5],
])('cuts nothing of %s', (text, maxCost) => {
  expect(clamp(text, maxCost)).toBeUndefined()
})
