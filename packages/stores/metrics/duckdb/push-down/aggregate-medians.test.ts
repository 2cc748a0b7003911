import { expect, test } from 'vitest'
import { portionsOf } from './aggregate-medians.ts'

const minuteNs = 60e9
const buckets = {
  range: { fromNs: 0, toNs: 6 * minuteNs - 1, isWhole: false },
  ...{ startNs: 0, widthNs: minuteNs, firstIndex: 2 },
}

test('buckets are read together while their values have room, and those without any not at all', () => {
  // Two of an earlier day come first; a million may be held.
  const one = Float64Array.of(7, 7, 0, 300_000, 300_000, 400_000, 1, 0)
  const other = Float64Array.of(0, 0, 0, 300_000, 0, 0, 2_000_000, 0)
  expect(portionsOf({ buckets }, [{ counts: one }, { counts: other }])).toEqual([
    { first: 2, last: 4, count: 900_000 },
    { first: 5, last: 5, count: 400_000 },
    { first: 6, last: 6, count: 2_000_001 },
  ])
})
