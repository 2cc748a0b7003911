import { describe, expect, test } from 'vitest'
import { ParseError } from '../parse/error.ts'
import { parseQuery } from '../parse.ts'
import { printStatement } from '../print.ts'
import { scopeStatement } from '../scope.ts'
import { ScopeError } from './error.ts'

const scope = { database: 'warren', tenant: 'acme' }
const guard = "tenant::tag = 'acme'"

const scoped = (text: string, deployments?: readonly string[]): string =>
  parseQuery(text)
    .map((statement) => printStatement(scopeStatement(statement, { ...scope, deployments })))
    .join('; ')

const refusal = (text: string, deployments?: readonly string[]): string => {
  try {
    return `accepted as ${scoped(text, deployments)}`
  } catch (error) {
    if (error instanceof ScopeError || error instanceof ParseError) return error.message
    throw error
  }
}

describe('grants of deployments', () => {
  const two = ['shop', "o'neil"]
  const granted = `${guard} AND (deployment::tag = 'shop' OR deployment::tag = 'o\\'neil')`

  test('stand beside the tenant, in every SELECT of a measurement and every SHOW', () => {
    expect(scoped('SELECT v FROM (SELECT v FROM cpu WHERE a = 1 OR true)', two)).toBe(
      `SELECT v FROM (SELECT v::float FROM cpu WHERE ${granted} AND (a::float = 1 OR true))`,
    )
    expect(scoped('SHOW TAG KEYS', two)).toBe(`SHOW TAG KEYS WHERE ${granted}`)
    expect(scoped('SHOW SERIES', ['shop'])).toBe(
      `SHOW SERIES WHERE ${guard} AND deployment::tag = 'shop'`,
    )
    expect(scoped('SHOW SERIES CARDINALITY', ['shop'])).toContain("deployment::tag = 'shop'")
    expect(scoped('SHOW MEASUREMENTS', ['shop'])).toContain("deployment::tag = 'shop'")
  })

  test('that are none show nothing', () => {
    const text = scoped('SELECT v FROM cpu WHERE true', [])
    expect(text).toBe(`SELECT v::field FROM cpu WHERE ${guard} AND tenant::tag = '' AND (true)`)
  })

  const shop = `${guard} AND deployment::tag = 'shop'`

  test.each([
    [
      'SELECT mean(v), count(v), last(v) FROM cpu GROUP BY host',
      'mean(v::float), count(v::field), last(v::field)',
    ],
    [
      'SELECT v, v::string, v::integer, host::tag, time FROM cpu',
      'v::field, v::string, v::integer, host::tag, time',
    ],
    [
      'SELECT v + 1, abs(v), last(v) / 2, (v) FROM cpu',
      'v::float + 1, abs(v::float), last(v::float) / 2, (v::field)',
    ],
    ['SELECT DISTINCT v FROM cpu', 'distinct(v::field)'],
    ['SELECT count(DISTINCT v) FROM cpu', 'count(distinct(v::field))'],
    // Of several measurements what a name counts as would be whatever any of them says.
    ['SELECT count(v), elapsed(v) FROM cpu, mem', 'count(v::float), elapsed(v::float)'],
    ['SELECT count(v) FROM /c/', 'count(v::float)'],
    ['SELECT top(v, host, 3) FROM cpu', 'top(v::float, host::tag, 3)'],
    ['SELECT derivative(first(v), 1s) FROM cpu', 'derivative(first(v::float), 1s)'],
    ['SELECT last(v) FROM cpu, mem', 'last(v::float)'],
    ['SELECT last(v) FROM /c/', 'last(v::float)'],
    ['SELECT mean(v::field) FROM cpu', 'mean(v::float)'],
  ])('give the names of %s types that no other deployment decides', (text, fields) => {
    expect(scoped(text, ['shop'])).toContain(`SELECT ${fields} FROM `)
  })

  test('show a float where a number fills the gaps: it fills no column of a name that nobody knows', () => {
    const text = (fill: string) =>
      scoped(`SELECT last(v) FROM cpu GROUP BY time(1m) fill(${fill})`, ['shop'])
    expect(text('0')).toContain('SELECT last(v::float) FROM ')
    expect(text('previous')).toContain('SELECT last(v::field) FROM ')
  })

  test.each([
    ["host = 'a' AND 'b' != rack", "host::tag = 'a' AND 'b' != rack::tag"],
    ['host =~ /a/ OR (host !~ /b/)', 'host::tag =~ /a/ OR (host::tag !~ /b/)'],
    ["state::field = 'a'", "state::string = 'a'"],
    ['v > 5 AND v * 2 < w', 'v::float > 5 AND v::float * 2 < w::float'],
    ['up = true OR v::integer = 1', 'up::boolean = true OR v::integer = 1'],
    ["time > '2020-01-01' AND v < 1", "time > '2020-01-01' AND v::float < 1"],
  ])('take the names of %s for tags or fields by what they are compared with', (text, own) => {
    expect(scoped(`SELECT v FROM cpu WHERE ${text}`, ['shop'])).toBe(
      `SELECT v::field FROM cpu WHERE ${shop} AND (${own})`,
    )
  })

  test('know only tags in a SHOW', () => {
    expect(scoped("SHOW TAG KEYS WHERE host = 'a' OR rack > 5", ['shop'])).toBe(
      `SHOW TAG KEYS WHERE ${shop} AND (host::tag = 'a' OR rack::tag > 5)`,
    )
    expect(refusal('SHOW SERIES WHERE v::field > 5', ['shop'])).toContain('by a field')
  })

  test.each([
    'SELECT * FROM cpu',
    'SELECT *::field FROM cpu',
    'SELECT /v/ FROM cpu',
    'SELECT mean(*) FROM cpu',
    'SELECT v FROM (SELECT derivative(mean(/v/), 1s) FROM cpu)',
    'SELECT v FROM cpu GROUP BY *',
    'SELECT mean(v) FROM cpu GROUP BY time(1m), /h/',
  ])('refuse %s, which would name what other deployments have', (text) => {
    expect(refusal(text, ['shop'])).toContain('with grants of deployments: name what you want')
    expect(refusal(text)).toContain('accepted')
  })

  test('let * stand for what a subquery names', () => {
    expect(
      scoped('SELECT * FROM (SELECT mean(v) FROM cpu GROUP BY host) GROUP BY *', ['shop']),
    ).toBe(`SELECT * FROM (SELECT mean(v::float) FROM cpu WHERE ${shop} GROUP BY host) GROUP BY *`)
  })

  test.each([
    'SHOW FIELD KEYS',
    "SHOW MEASUREMENTS WHERE host = 'h'",
    'SHOW MEASUREMENT CARDINALITY',
    'SHOW SERIES EXACT CARDINALITY GROUP BY *',
    'SHOW SERIES CARDINALITY FROM cpu GROUP BY /./',
    'SHOW TAG KEY CARDINALITY',
    'SHOW FIELD KEY CARDINALITY',
  ])('refuse %s, which no condition filters series by series', (text) => {
    expect(refusal(text, ['shop'])).toContain('with grants of deployments')
    expect(refusal(text, [])).toContain('with grants of deployments')
    expect(refusal(text)).toContain('accepted')
  })
})
