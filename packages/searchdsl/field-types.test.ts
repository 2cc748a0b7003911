import { expect, test } from 'vitest'
import { checkNumber } from './field-types.ts'

const check = (value: unknown) => () => checkNumber('severity_number', value)

// What Elasticsearch 8.19 reads as a number, and what it does not.
test.each([5, -5, 5.5, '5', '+5', '-5', '010', '5.', '.5', '1e1', '1E-1'])('%j', (value) => {
  expect(check(value)).not.toThrow()
})

test.each(['0x10', '0b1', '0o7', ' 5', '5 ', '1_0', '5d', 'x', '', '1e', true])(
  'no %j',
  (value) => {
    expect(check(value)).toThrow('For input string')
  },
)
