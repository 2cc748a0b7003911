import { parseQuery } from '@warren/influxql/parse'
import { printStatement } from '@warren/influxql/print'
import { describe, expect, it } from 'vitest'
import { plainPrice } from '../influxdb/cost/price.ts'
import { keptTimesOf } from './kept-times.ts'
import { rollupPart } from './parts.ts'
import { planStatement } from './plan.ts'
import { planFor } from './plan-for.ts'

const nowMs = Date.parse('2026-07-15T10:20:30Z')
const nowNs = BigInt(nowMs) * 1_000_000n
const policy = { metricsDays: 30, metrics5mDays: 60, metrics1hDays: 730, logsDays: 30 }
const kept = keptTimesOf({ policy }, nowNs)

const statementOf = (text: string) => {
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('BUG: no statement')
  return statement
}

const plan = (text: string, more: { mayRoll?: boolean; isDear?: boolean } = {}) =>
  planStatement(statementOf(text), { nowNs, kept, mayRoll: true, isDear: false, ...more })

const mean = (since: string, by: string) =>
  `SELECT mean(v) FROM cpu WHERE time >= ${since} GROUP BY time(${by})`

const policyOf = (text: string) => {
  const planned = plan(text)
  return planned.kind === 'rolled' ? planned.policy : planned.kind
}

describe('a plan', () => {
  it('leaves alone what points have, to the whole day', () => {
    expect(policyOf(mean('now() - 30d', '1h'))).toBe('as it is')
    expect(policyOf(mean("'2026-06-15T00:00:00Z'", '1h'))).toBe('as it is')
    expect(policyOf(mean("'2026-06-14T23:59:59Z'", '1h'))).toBe('5m')
    // An hour of grace for what rollups cannot answer.
    expect(policyOf("SELECT v FROM cpu WHERE time >= '2026-06-14T23:00:00Z'")).toBe('as it is')
    expect(policyOf("SELECT v FROM cpu WHERE time >= '2026-06-14T22:59:59Z'")).toBe('unserved')
    expect(policyOf('SELECT v FROM "1h".cpu WHERE time >= now() - 300d')).toBe('as it is')
    expect(policyOf('SELECT v FROM cpu')).toBe('as it is')
  })

  it.each([
    ['now() - 50d', '5m', '5m'],
    ['now() - 50d', '1h', '5m'],
    ['now() - 50d', '6h', '1h'],
    ['now() - 50d', '1w', '1h'],
    ['now() - 50d', '90m', '5m'],
    ['now() - 50d', '4m', 'unserved'],
    ['now() - 50d', '1h, 1s', 'unserved'],
    ['now() - 50d', '6h, 30m', '5m'],
    ['now() - 400d', '1h', '1h'],
    ['now() - 400d', '30m', '5m'],
    ['now() - 4000d', '1d', '1h'],
  ])('of a range from %s by %s takes %s', (since, by, expected) => {
    expect(policyOf(mean(since, by))).toBe(expected)
  })

  it('knows what only a coarser rollup has', () => {
    expect(plan(mean('now() - 400d', '30m'))).toMatchObject({
      beyond: [{ range: { minNs: nowNs - 400n * 86_400_000_000_000n } }],
    })
    expect(plan(mean('now() - 50d', '30m'))).toMatchObject({ beyond: [] })
    expect(plan(mean('now() - 4000d', '1h'))).toMatchObject({ beyond: [] })
  })

  it('takes a rollup only where the zone is whole windows from UTC, all the range', () => {
    expect(policyOf(`${mean('now() - 50d', '1d')} tz('Asia/Kathmandu')`)).toBe('5m')
    expect(policyOf(`${mean('now() - 50d', '1d')} tz('Europe/Berlin')`)).toBe('1h')
    expect(policyOf(`${mean('now() - 400d', '1d')} tz('Australia/Lord_Howe')`)).toBe('5m')
  })

  it('asks a rollup for windows that lie in the range, up to the first window of points', () => {
    const planned = plan(
      "SELECT mean(v) AS m, count(v), last(\"a b\") FROM cpu WHERE h = 'x' AND time >= '2026-06-01T00:00:01Z' GROUP BY time(1h), h fill(previous) ORDER BY time DESC LIMIT 3",
    )
    if (planned.kind !== 'rolled') throw new Error('BUG: it is rolled')
    expect(printStatement(rollupPart(planned))).toBe(
      `SELECT (sum(v_sum) / sum(v_count)) AS m, sum(v_count) AS count, last("a b_last") AS last FROM "5m".cpu WHERE (h = 'x') AND time >= 1780272001000000000 AND time <= 1781481599999999999 GROUP BY time(1h), h fill(none)`,
    )
    const past = plan(
      "SELECT max(v) FROM cpu WHERE time >= '2026-06-01T00:00:00Z' AND time < '2026-06-01T10:02:00Z' GROUP BY time(10m)",
    )
    if (past.kind !== 'rolled') throw new Error('BUG: it is rolled')
    expect(printStatement(rollupPart(past))).toContain(
      `AND time <= ${BigInt(Date.parse('2026-06-01T09:57:00Z')) * 1_000_000n} GROUP BY`,
    )
  })

  it('serves no alert rule, and asks for no rollup where points are cheap enough', async () => {
    const old = mean('now() - 50d', '1h')
    expect(plan(old, { mayRoll: false })).toMatchObject({ kind: 'unserved' })
    const statements = [statementOf(mean('now() - 20d', '1h'))]
    const query = { statements, epoch: undefined, nowNs }
    const isDear = async (maxCost: number, isAlert = false) => {
      const options = {
        kept: { of: async () => kept },
        maxCostOf: () => maxCost,
        alerts: false,
        price: plainPrice,
      }
      const priced = { query, cost: plainPrice('a', query) }
      return (await planFor(priced, { tenant: 'a', isAlert }, options)).isDear
    }
    expect(await Promise.all([isDear(1e6), isDear(5), isDear(1), isDear(5, true)])).toEqual([
      false,
      true,
      false,
      false,
    ])
  })

  it('is of whole days, an hour at a time where days are two or fewer, and never has rollups shorter than points', () => {
    const iso = (ns: bigint) => new Date(Number(ns / 1_000_000n)).toISOString()
    const short = keptTimesOf({ policy: { ...policy, metricsDays: 2 } }, nowNs)
    expect(iso(short.pointsNs)).toBe('2026-07-13T10:00:00.000Z')
    const long = keptTimesOf({ policy: { ...policy, metricsDays: 90 } }, nowNs)
    expect(long.rollupsNs['5m']).toBe(long.pointsNs)
    expect(iso(kept.pointsNs)).toBe('2026-06-15T00:00:00.000Z')
  })
})
