import fc from 'fast-check'
import { expect, test } from 'vitest'
import { middleValues } from './middle-values.ts'

test('the middle of values is what stands there when they are sorted', () => {
  const value = fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 }))
  const values = fc.float64Array({ minLength: 1, maxLength: 300, noNaN: true })
  const some = fc.oneof(
    values.map((each) => [...each]),
    fc.array(value, { minLength: 1, maxLength: 300 }),
  )
  fc.assert(
    fc.property(some, (items) => {
      // No order is between 0 and -0.
      const given = Float64Array.from(items, (item) => item + 0)
      const sorted = given.toSorted()
      const half = given.length >> 1
      const lower = given.length % 2 === 0 ? half - 1 : half
      expect(middleValues(given)).toEqual([sorted[lower], sorted[half]])
    }),
  )
})

test('of many values the middle is found among those near that of a sample, wherever they stand', () => {
  const shape = fc.record({
    count: fc.integer({ min: 2000, max: 5000 }),
    /** Of how many different ones. */
    kinds: fc.constantFrom(2, 50, 1_000_000),
    isSorted: fc.boolean(),
    seed: fc.integer(),
  })
  fc.assert(
    fc.property(shape, ({ count, kinds, isSorted, seed }) => {
      let state = seed
      const given = Float64Array.from({ length: count }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
        return Math.floor((state / 2 ** 32 + 0.5) * kinds)
      })
      const sorted = given.toSorted()
      const half = count >> 1
      const lower = count % 2 === 0 ? half - 1 : half
      expect(middleValues(isSorted ? sorted.slice() : given)).toEqual([sorted[lower], sorted[half]])
    }),
  )
})

test('values that are in order already, or equal, are no trouble', () => {
  const count = 100_000
  expect(middleValues(Float64Array.from({ length: count }, (_, at) => at))).toEqual([
    49_999, 50_000,
  ])
  expect(middleValues(Float64Array.from({ length: count }, (_, at) => count - at))).toEqual([
    50_000, 50_001,
  ])
  expect(middleValues(new Float64Array(count).fill(7))).toEqual([7, 7])
})
