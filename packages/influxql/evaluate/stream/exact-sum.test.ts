import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ExactSum } from './exact-sum.ts'

const sumOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum.add(value), new ExactSum()).value()

/** In units of 2^-1074. */
function toUnits(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const exponent = (bits >> 52n) & 0x7ffn
  const fraction = bits & 0xfffffffffffffn
  const size = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n)
  return bits >> 63n === 1n ? -size : size
}

const distance = (a: bigint, b: bigint) => (a < b ? b - a : a - b)

/** The float next to a value. */
function neighbour(value: number, step: 1n | -1n): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  view.setBigUint64(0, view.getBigUint64(0) + step)
  return view.getFloat64(0)
}

test('is what Python says of known cases', () => {
  expect(sumOf([])).toBe(0)
  expect(sumOf([-0])).toBe(0)
  expect(sumOf(Array.from({ length: 10 }, () => 0.1))).toBe(1)
  expect(sumOf([1e100, 1, -1e100])).toBe(1)
  // Half a unit, and a little more, and a little less.
  expect(sumOf([2 ** 53, 1, 2 ** -60])).toBe(2 ** 53 + 2)
  expect(sumOf([2 ** 53, 1, -(2 ** -60)])).toBe(2 ** 53)
})

test('no float is nearer to the true sum, in whatever order', () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, min: -1e100, max: 1e100 }),
    fc.integer({ min: -1000, max: 1000 }).map((number) => number / 10),
  )
  fc.assert(
    fc.property(fc.array(value, { maxLength: 40 }), (values) => {
      const found = sumOf(values)
      expect(sumOf(values.toReversed())).toBe(found)
      expect(sumOf(values.toSorted((a, b) => Math.abs(a) - Math.abs(b)))).toBe(found)
      const exact = values.reduce((sum, one) => sum + toUnits(one), 0n)
      const off = distance(toUnits(found), exact)
      if (found === 0) expect(off).toBe(0n)
      for (const step of found === 0 ? [] : ([1n, -1n] as const))
        expect(off <= distance(toUnits(neighbour(found, step)), exact)).toBe(true)
    }),
  )
})
