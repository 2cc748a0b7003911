import fc from 'fast-check'
import { expect, test } from 'vitest'
import { goSort } from './go-sort.ts'

test('sorts, whatever the order and however many are equal', () => {
  const numbers = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 300 }),
    fc.array(fc.integer(), { maxLength: 300 }),
    fc.nat(400).map((length) => Array.from({ length }, (_, at) => length - at)),
    fc.nat(400).map((length) => Array.from({ length }, (_, at) => (at * 7) % (length || 1))),
  )
  fc.assert(
    fc.property(numbers, (given) => {
      const sorted = goSort([...given], (a, b) => a < b)
      expect(sorted).toEqual(given.toSorted((a, b) => a - b))
    }),
  )
})
