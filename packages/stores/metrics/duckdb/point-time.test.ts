import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayNs, dayOfNs } from '../../duckdb/day.ts'
import { readPointTime } from './point-time.ts'

function read(ns: bigint) {
  const bytes = Buffer.from(`x ${ns}`)
  const time = { day: 0, offsetNs: 0 }
  readPointTime(bytes, { start: 2, end: bytes.length }, time)
  return time
}

test.each([
  [0n, 0, 0],
  [-1n, -1, 86_399_999_999_999],
  [86_400_000_000_000n, 1, 0],
  [-86_400_000_000_000n, -1, 0],
  [5n, 0, 5],
  [9_223_372_036_854_775_807n, 106_751, 85_636_854_775_807],
])('%s ns', (ns, day, offsetNs) => {
  expect(read(ns)).toEqual({ day, offsetNs })
})

test('agrees with bigint arithmetic over all of int64', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (ns) => {
      const { day, offsetNs } = read(ns)
      expect(day).toBe(dayOfNs(ns))
      expect(BigInt(day) * dayNs + BigInt(offsetNs)).toBe(ns)
    }),
  )
})
