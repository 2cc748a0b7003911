import { expect, test } from 'vitest'
import { parseExactly } from './parse-exactly.ts'

test('whole numbers beyond 2^53 keep their digits, all others are numbers', () => {
  const text =
    '{"a":[9007199254740993,9007199254740994,-9223372036854775808,9007199254740991,1.5,123456789012345678901,-0]}'
  expect(parseExactly(text)).toEqual({
    a: [
      ...[9007199254740993n, 9007199254740994, -9223372036854775808n, 9007199254740991, 1.5],
      ...[123456789012345678901n, -0],
    ],
  })
  expect(parseExactly('[1,2.5,"9007199254740993"]')).toEqual([1, 2.5, '9007199254740993'])
})
