import { describe, expect, test } from 'vitest'
import { parseQuery } from './parse.ts'
import { printExpression } from './print/expression.ts'
import { maxTimeNs, minTimeNs, timeRangeOf } from './time-range.ts'

// What the reference was asked: influxql 1.4.1, `ConditionExpr` with `now()` at 2000-01-01.
const nowNs = 946684800000000000n

function partsOf(text: string) {
  const [statement] = parseQuery(`SELECT v FROM cpu WHERE ${text}`)
  if (statement?.kind !== 'select') throw new Error('BUG: it is a SELECT')
  return timeRangeOf(statement.condition, nowNs, statement.timeZone)
}

describe('what a time is compared with', () => {
  const incompatible = (type: string) =>
    `invalid operation: time and *influxql.${type} are not compatible`
  test.each([
    ['time > v', incompatible('VarRef')],
    ['time > true', incompatible('BooleanLiteral')],
    ['time =~ /x/', incompatible('RegexLiteral')],
    ['time > f(1)', incompatible('Call')],
    ['time > -now()', incompatible('BinaryExpr')],
    ['time > 10s + 5', incompatible('BinaryExpr')],
    ['time > 9223372036854775808', incompatible('UnsignedLiteral')],
    ["time > 'foo'", incompatible('StringLiteral')],
    ["time > '2000-02-30'", 'invalid timestamp string'],
    ["time > '2000-01-01T00:00:00'", 'invalid timestamp string'],
    ["time > '2000-01-01 00:00:00Z'", 'invalid timestamp string'],
    ["time > '1600-01-01'", 'time 1600-01-01T00:00:00Z underflows time literal'],
    [
      "time > '1600-01-01T00:00:00.5+02:30'",
      'time 1600-01-01T00:00:00+02:30 underflows time literal',
    ],
    ["time > '2263-01-01'", 'time 2263-01-01T00:00:00Z overflows time literal'],
    ["time != '1600-01-01'", 'time 1600-01-01T00:00:00Z underflows time literal'],
    ['time != 5', 'invalid time comparison operator: !='],
    ['5', 'invalid condition expression: 5'],
  ])('%s is wrong', (text, message) => {
    expect(() => partsOf(text)).toThrow(expect.objectContaining({ message }))
  })

  test.each([
    ['time >= 2.5 * 4', 10n],
    ['time >= 1 & 3', 1n],
    ['time >= 10 % 3', 1n],
    ['time >= 7 / 2', 3n],
    ['time >= now() - 1h / 2', nowNs - 1_800_000_000_000n],
    ["time >= '2000-01-01T00:00:00Z' - '1999-12-31'", 86_400_000_000_000n],
    ["time >= '2000-01-01  1:00:00,5'", nowNs + 3_600_500_000_000n],
    ["time >= '2000-01-01T00:00:00+01:00'", nowNs - 3_600_000_000_000n],
    ["time >= '2000-01-01' tz('Europe/Paris')", nowNs - 3_600_000_000_000n],
    ['time > 9223372036854775807', -(2n ** 63n)],
    ['time >= -9223372036854775808 AND v > 1', -(2n ** 63n)],
  ])('%s begins at %d', (text, minNs) => {
    expect(partsOf(text)).toMatchObject({ minNs, maxNs: maxTimeNs })
  })

  test('the greatest integer is an end, beside conditions too', () => {
    const maxNs = 2n ** 63n - 1n
    expect(partsOf('time <= 9223372036854775807 AND v > 1')).toMatchObject({
      minNs: minTimeNs,
      maxNs,
    })
  })
})

describe('a condition without its time', () => {
  test.each([
    ['v = 1 + 2', 'v = 3'],
    ['v = 5 / 2', 'v = 2.5'],
    ['v = 9223372036854775807 + 1', 'v = -9223372036854775808'],
    ['v = 18446744073709551615 + 2', 'v = 1'],
    ['-1 < 9223372036854775808 OR v = 1', ''],
    ['(v) > 1', 'v > 1'],
    ['((v > 1))', 'v > 1'],
    ["'a' = 'b'", 'false'],
    ["'2000-01-01' = '2000-01-01T00:00:00Z'", ''],
    ['true', ''],
    ['1 = 1', ''],
    ['1 = 1 AND time > 5 AND v > 1', 'v > 1'],
    ['v > 1 AND 1 = 2', 'false'],
    ["(v > 1 OR host = 'a') AND time > 5", "v > 1 OR host = 'a'"],
    ['v > now()', "v > '2000-01-01T00:00:00Z'"],
    ['v > now() - 500ms', "v > '1999-12-31T23:59:59.5Z'"],
    ['abs(1 + 1) > v', 'abs(2) > v'],
    ['v = 0 / -3', 'v = -0.0'],
    ['v = 5 % 0.0', 'v = NaN'],
    ['(time) > 5', 'time > 5'],
  ])('%s is %s', (text, expected) => {
    const { condition } = partsOf(text)
    expect(condition === undefined ? '' : printExpression(condition)).toBe(expected)
  })

  test('it is kept as it was written as well', () => {
    const { written } = partsOf('(v > now() AND 1 = 1 AND time > 5)')
    expect(written && printExpression(written)).toBe('v > now() AND 1 = 1')
  })
})
