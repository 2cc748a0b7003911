import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseExpressionText, parseQuery } from './parse.ts'
import { printExpression } from './print/expression.ts'
import { printStatement } from './print.ts'
import { arbitraryExpression, arbitrarySelect } from './testing.ts'

test('an expression that was printed, parsed and printed again is the same text', () => {
  fc.assert(
    fc.property(arbitraryExpression, (expr) => {
      const text = printExpression(expr)
      expect(printExpression(parseExpressionText(text))).toBe(text)
    }),
    { numRuns: 1000 },
  )
})

test('a statement that was printed, parsed and printed again is the same text', () => {
  fc.assert(
    fc.property(arbitrarySelect, (select) => {
      const text = printStatement(select)
      expect(parseQuery(text).map(printStatement)).toEqual([text])
    }),
    { numRuns: 500 },
  )
})

test('a sign does not change what a quotient means', () => {
  const text = printExpression(parseExpressionText('a / -b'))
  expect(text).toBe('a / (-1 * b)')
})

test.each([
  ['1e21', '1000000000000000000000.0'],
  ['0.0000001', '0.0000001'],
])('a number has no exponent: %s', (number, expected) => {
  expect(printExpression({ kind: 'number', value: Number(number) })).toBe(expected)
})
