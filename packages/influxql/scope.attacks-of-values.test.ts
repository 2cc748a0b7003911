import { describe, expect, test } from 'vitest'
import { costOf } from './cost.ts'
import { parseQuery } from './parse.ts'
import { printExpression } from './print/expression.ts'
import { printStatement } from './print.ts'
import { guard, refusal, scope } from './scope.attacks.testing.ts'
import { scopeStatement } from './scope.ts'
import { boundWindows } from './time/bound-windows.ts'
import { maxTimeNs, minTimeNs, timeRangeOf } from './time-range.ts'
import type { SelectStatement } from './tree.ts'

/** Those of `scope.attacks.test.ts` that come by a time or a parameter. */
describe('an attack', () => {
  describe('by time', () => {
    const nowNs = 1_785_542_400_000_000_000n
    const conditionOf = (condition: string): SelectStatement => {
      const [statement] = parseQuery(`SELECT v FROM cpu WHERE ${condition}`)
      const own = statement && scopeStatement(statement, scope)
      if (own?.kind !== 'select') throw new Error('BUG: it is a SELECT')
      return own
    }

    test.each([
      ['arithmetic on time', 'time + 1h > now()'],
      ['arithmetic on time, right of the sign', 'now() < time + 1h'],
      ['arithmetic on time under OR', "time - 1h > 0 OR tenant = 'b'"],
    ])('%s stays behind the predicate and bounds nothing', (_, condition) => {
      const select = conditionOf(condition)
      expect(printStatement(select)).toBe(`SELECT v FROM cpu WHERE ${guard} AND (${condition})`)
      const range = timeRangeOf(select.condition, nowNs)
      expect(range).toMatchObject({ minNs: minTimeNs, maxNs: maxTimeNs, condition: {} })
      expect(costOf(select, { nowNs }).points).toBe(costOf(conditionOf('v > 1'), { nowNs }).points)
    })

    test('ranges under OR are intersected, as InfluxDB does, and leave the rest behind the predicate', () => {
      const { condition } = conditionOf("time > 5 OR time > 9 OR tenant = 'b'")
      const { minNs, condition: left } = timeRangeOf(condition, nowNs)
      expect(minNs).toBe(10n)
      expect(left && printExpression(left)).toBe(`${guard} AND (tenant = 'b')`)
    })

    test('a time that is not equal is an error before a store is asked', () => {
      expect(() => boundWindows(conditionOf('time != 0'), nowNs)).toThrow(
        'invalid time comparison operator: !=',
      )
    })
  })

  describe('by a bound parameter: it is one token, and then like any other', () => {
    test.each([
      [
        'a database in a name',
        'SELECT v FROM $m',
        { m: { identifier: 'other..cpu' } },
        'FROM "other..cpu" WHERE',
      ],
      [
        'a regex of all measurements',
        'SELECT v FROM $m',
        { m: { regex: '.*' } },
        'FROM /.*/ WHERE',
      ],
      [
        'a condition in a text',
        'SELECT v FROM cpu WHERE a = $m',
        { m: "x' OR tenant = 'b" },
        "(a = 'x\\' OR tenant = \\'b')",
      ],
      [
        'another database',
        'SELECT v FROM $m..cpu',
        { m: { identifier: 'other' } },
        'database not found: other',
      ],
      [
        'a system measurement',
        'SELECT v FROM $m',
        { m: { identifier: '_series' } },
        'system measurements',
      ],
    ])('%s', (...attack) => {
      const [, text, parameters, expected] = attack
      const outcome = refusal(text, parameters)
      expect(outcome).toContain(expected)
      if (outcome.startsWith('accepted')) expect(outcome).toContain(`WHERE ${guard}`)
    })
  })
})
