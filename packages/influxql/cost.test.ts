import { describe, expect, test } from 'vitest'
import type { Cost, CostContext } from './cost/cost-parts.ts'
import { costOf } from './cost.ts'
import { parseQuery } from './parse.ts'

const hourNs = 3_600_000_000_000n
const nowNs = 1_700_000_000_000_000_000n

/** A thousand hosts in ten regions, each host one series. */
const hosts: Partial<CostContext> = {
  seriesOf: (_, equal) => (equal.has('host') ? 1 : equal.has('region') ? 100 : 1000),
  fieldsOf: () => 20,
}

function cost(text: string, context: Partial<CostContext> = hosts): Cost {
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('no statement')
  return costOf(statement, { nowNs, ...context })
}

const mean = (rest: string, context?: Partial<CostContext>): Cost =>
  cost(`SELECT mean(v) FROM cpu WHERE ${rest}`, context)

describe('a SELECT', () => {
  test.each(['1 = 2', 'false', "'a' = 'b' AND v > 1", '1 = 1', 'v > now()'])(
    'counts series of its tenant alone where the rest is %s',
    (rest) => {
      const counted: string[] = []
      const seriesOf: CostContext['seriesOf'] = (_, equal) => {
        counted.push(equal.get('tenant') ?? '')
        return 1
      }
      mean(`tenant::tag = 'a' AND (${rest})`, { seriesOf })
      expect(counted).toEqual(['a'])
    },
  )

  test('reads its range by the step of the points, times series and fields', () => {
    const query = 'time > now() - 1h GROUP BY time(1m)'
    const one = mean(query, {})
    expect(one).toMatchObject({ rangeNs: hourNs, intervalNs: 60_000_000_000n, buckets: 61 })
    expect(one).toMatchObject({ series: 1, points: 361, values: 61, functions: 1, regexes: 0 })
    expect(mean(query)).toMatchObject({ series: 1000, points: 361_000, values: 61 })
    expect(mean(query, { ...hosts, stepNs: 60_000_000_000n })).toMatchObject({ points: 61_000 })
    expect(mean(`${query}, host`)).toMatchObject({ points: 361_000, values: 61_000 })
    expect(mean(`host = 'a' AND ${query}`)).toMatchObject({ series: 1, points: 361 })
    expect(mean(`(region::tag = 'a' AND x > 1) AND ${query}`)).toMatchObject({ series: 100 })
    expect(mean(`(host = 'a' OR x > 1) AND ${query}`)).toMatchObject({ series: 1000 })
  })

  test('without bounds reads all that is kept', () => {
    const all = cost('SELECT * FROM cpu', { ...hosts, oldestNs: nowNs - hourNs })
    expect(all).toMatchObject({ rangeNs: hourNs + 1n, points: 361_000 * 20, values: 361_000 * 20 })
    expect(cost('SELECT v FROM cpu').rangeNs).toBe(30n * 24n * hourNs + 1n)
    expect(mean('time > now() + 1h')).toMatchObject({ rangeNs: 0n, points: 0 })
  })

  test('needs few points for a LIMIT, and for a lone last(), unless a field decides', () => {
    expect(cost('SELECT * FROM cpu LIMIT 10')).toMatchObject({ points: 200, values: 200 })
    expect(cost('SELECT v FROM cpu WHERE r =~ /x/ LIMIT 10 OFFSET 5')).toMatchObject({ points: 15 })
    expect(cost('SELECT v FROM cpu WHERE v > 1 LIMIT 10').points).toBeGreaterThan(1e6)
    expect(cost('SELECT last(v) FROM cpu GROUP BY *')).toMatchObject({ points: 1000, values: 1000 })
    expect(cost('SELECT last(v) FROM cpu GROUP BY * SLIMIT 3')).toMatchObject({ values: 3 })
    expect(cost('SELECT last(v), first(v) FROM cpu').points).toBeGreaterThan(1e6)
  })

  test('adds up what subqueries read and answer', () => {
    const inner = 'SELECT mean(v) AS m FROM cpu WHERE time > now() - 1h GROUP BY time(1m), host'
    const outer = cost(`SELECT max(m) FROM (${inner}) GROUP BY time(10m)`)
    expect(outer).toMatchObject({ points: 361_000 + 61_000, functions: 2, buckets: 61, values: 7 })
    expect(outer).toMatchObject({ rangeNs: hourNs, intervalNs: 60_000_000_000n })
    const pushed = cost('SELECT v FROM (SELECT v FROM cpu) WHERE time > now() - 1h')
    expect(pushed.rangeNs).toBe(hourNs)
  })

  test('counts regexes where they are', () => {
    const one = cost('SELECT /v/ FROM /c/, /d/ WHERE a =~ /b/ AND time > 0 GROUP BY /e/')
    expect(one).toMatchObject({ regexes: 5, series: 2000 })
  })
})

describe('a SHOW', () => {
  test('opens series and reads no point', () => {
    const values = cost('SHOW TAG VALUES WITH KEY =~ /x/')
    expect(values).toMatchObject({ series: 1000, points: 0, values: 1000, regexes: 1 })
    expect(cost("SHOW SERIES WHERE region = 'a' LIMIT 5")).toMatchObject({ series: 100, values: 5 })
    expect(cost('SHOW DATABASES')).toMatchObject({ series: 0, units: 1 })
  })
})

describe('units', () => {
  test('grow with everything that costs', () => {
    const texts = [
      "SELECT mean(v) FROM cpu WHERE host = 'a' AND time > now() - 1h GROUP BY time(1m)",
      'SELECT mean(v) FROM cpu WHERE time > now() - 1h GROUP BY time(1m)',
      'SELECT mean(v) FROM cpu WHERE time > now() - 1h GROUP BY time(1m), host',
      'SELECT mean(v), max(v) FROM cpu WHERE time > now() - 1h GROUP BY time(1m), host',
      'SELECT mean(v), max(v) FROM cpu WHERE h =~ /a/ AND time > now() - 1h GROUP BY time(1m), host',
      'SELECT mean(v) FROM cpu WHERE time > now() - 24h GROUP BY time(5m)',
      'SELECT mean(v) FROM cpu WHERE time > now() - 365d GROUP BY time(1ns)',
    ]
    const units = texts.map((text) => cost(text).units)
    expect(units).toEqual(units.toSorted((a, b) => a - b))
    expect(units[0]).toBeLessThan(2)
    expect(units.at(-1)).toBeGreaterThan(1e6)
  })
})
