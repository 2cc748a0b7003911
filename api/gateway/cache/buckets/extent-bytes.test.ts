import { expect, test } from 'vitest'
import { fromBytes, toBytes } from './extent-bytes.ts'
import { type Extent, Extents } from './extents.ts'

const nan = Number.NaN

const extent = (askedMs = 0): Extent => ({
  ...{ tenant: 'acme', measurement: 'cpu "ä"', askedMs },
  stretch: {
    ...{ startMs: 0, stepMs: 10, count: 3 },
    series: new Map(
      ['a', 'b'].map((host) => {
        const rank = `cpu\0host\0${host}\xff`
        const one = {
          ...{ name: 'cpu "ä"', tags: { host }, columns: ['time', 'mean', 'last'], rank },
          data: [Float64Array.of(1.5, nan, -0), ['x', null, true]],
        }
        return [rank, one]
      }),
    ),
  },
})

test('an extent comes back as it was, with doubles to the bit', () => {
  const bytes = toBytes(extent(5)) ?? Buffer.alloc(0)
  expect(fromBytes(bytes)).toEqual(extent(5))
  const [first] = fromBytes(bytes).stretch.series.values()
  expect(Object.is(first?.data[0]?.[2], -0)).toBe(true)
  // Cut out of what came over a socket it stands anywhere.
  const moved = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3)
  expect(fromBytes(moved)).toEqual(extent(5))
})

test('what is cut, or is something else, is told', () => {
  const bytes = toBytes(extent()) ?? Buffer.alloc(0)
  for (const length of [0, 3, 12, bytes.length - 1])
    expect(() => fromBytes(bytes.subarray(0, length))).toThrow()
  expect(() => fromBytes(Buffer.from('anything at all, of some length'))).toThrow()
})

test('integers beyond 2^53 are not shared', () => {
  const one = extent()
  for (const series of one.stretch.series.values())
    Object.assign(series, { data: [[1n, 2, 3], series.data[1]] })
  expect(toBytes(one)).toBeUndefined()
})

test('another instance takes what was asked for since it hears of late points, cut by what came late since', () => {
  let nowMs = 1_000_000
  const limits = { maxBytes: 1e6, maxBytesPerTenant: 1e6, maxAgeMs: 3_600_000 }
  const extents = new Extents(limits, () => nowMs)
  const late = { tenant: 'acme', measurement: extent().measurement, oldestMs: 21, newestMs: 22 }
  // Clocks may be 15 s apart.
  expect(extents.adopted(extent(nowMs + 14_999))).toBeUndefined()
  expect(extents.adopted(extent(nowMs + 15_000))).toEqual(extent(nowMs + 15_000))
  nowMs += 60_000
  extents.cut({ ...late, tenant: 'other' })
  extents.cut(late)
  expect(extents.adopted(extent(nowMs))?.stretch).toMatchObject({ startMs: 0, count: 2 })
  expect(extents.adopted(extent(nowMs + 15_000))?.stretch.count).toBe(2)
  // It was asked for after the points had come.
  expect(extents.adopted(extent(nowMs + 15_001))?.stretch.count).toBe(3)
  extents.clear()
  expect(extents.adopted(extent(nowMs))).toBeUndefined()
  const askedMs = nowMs + 20_000
  expect(extents.adopted(extent(askedMs))?.stretch.count).toBe(3)
  nowMs = askedMs + limits.maxAgeMs
  expect(extents.adopted(extent(askedMs))).toBeUndefined()
})

test('what was asked for before the oldest news that is remembered is not taken', () => {
  let nowMs = 1_000_000
  const limits = { maxBytes: 1e6, maxBytesPerTenant: 1e6, maxAgeMs: 3_600_000 }
  const extents = new Extents(limits, () => nowMs)
  nowMs += 60_000
  const early = extent(nowMs)
  expect(extents.adopted(early)).toBeDefined()
  for (let count = 0; count < 1500; count += 1) {
    nowMs += 100
    extents.cut({ tenant: 'other', oldestMs: 0, newestMs: 1 })
  }
  expect(extents.adopted(early)).toBeUndefined()
  expect(extents.adopted(extent(nowMs))).toBeDefined()
})
