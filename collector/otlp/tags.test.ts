import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toTagName, withAttributes } from './tags.ts'

const attributesOf = (names: readonly string[]) =>
  names.map((key) => ({ key, value: { stringValue: key } }))

test('attributes called as a field is keep to themselves, whatever is beside them', () => {
  const given = [
    'value',
    'value_',
    'value__',
    'values',
    'count_',
    '__proto__',
    '__proto_',
    'plain_',
  ]
  expect(withAttributes({}, attributesOf(given))).toEqual({
    value_: 'value',
    value__: 'value_',
    value___: 'value__',
    values: 'values',
    count__: 'count_',
    __proto___: '__proto__',
    __proto_: '__proto_',
    plain_: 'plain_',
  })
})

test('no two names become one', () => {
  const name = fc
    .tuple(fc.constantFrom('value', 'count', 'le', '__proto', 'other', ''), fc.nat(4))
    .map(([word, bars]) => `${word}${'_'.repeat(bars)}`)
  fc.assert(
    fc.property(fc.uniqueArray(name), (names) => {
      expect(Object.keys(withAttributes({}, attributesOf(names)))).toHaveLength(names.length)
    }),
  )
})

test('takes no longer for long runs of bars than for other names', () => {
  // With the square of their number it would be an hour.
  const name = `${'_'.repeat(2_000_000)}x_`
  expect(toTagName(name)).toBe(name)
})
