import type { RateLimits } from '@warren/platform/rate'
import { expect, test } from 'vitest'
import { createShares } from './shares.ts'

const mebibyte = 1024 ** 2

function rig(limits: Readonly<Record<string, RateLimits>> = {}) {
  const clock = { ms: 0, answers: true }
  const shares = createShares({
    maxBytes: 100 * mebibyte,
    limitsOf: (tenant) => limits[tenant] ?? {},
    storeAnswers: () => clock.answers,
    now: () => clock.ms,
  })
  return { shares, clock }
}

test('a tenant that is alone may have everything; with another one, four tenths, and only while much is in flight', () => {
  const { shares } = rig()
  shares.reasonToMove('a')
  shares.hold('a', 100 * mebibyte)
  expect(shares.reasonToMove('a')).toBeUndefined()
  expect(shares.reasonToMove('b')).toBeUndefined()
  expect(shares.reasonToMove('a')).toBe('share')
  shares.hold('a', -61 * mebibyte)
  expect(shares.reasonToMove('a')).toBeUndefined()
})

test('of many tenants each may have twice its part', () => {
  const { shares } = rig()
  for (let index = 0; index < 10; index += 1) shares.hold(`t${index}`, 8 * mebibyte)
  expect(shares.partOfOne).toBeCloseTo(0.2)
  expect(shares.reasonToMove('t1')).toBeUndefined()
  shares.hold('t1', 13 * mebibyte)
  expect(shares.reasonToMove('t1')).toBe('share')
})

test.each([2, 3, 10])(
  'of %i tenants that send alike none moves, however much of it waits',
  (count) => {
    const { shares } = rig()
    const names = Array.from({ length: count }, (_, index) => `t${index}`)
    for (const name of names) {
      shares.reasonToMove(name)
      shares.hold(name, 300 * mebibyte)
    }
    expect(names.map(shares.reasonToMove)).toEqual(names.map(() => undefined))
    shares.hold('t0', 3000 * mebibyte)
    expect(shares.reasonToMove('t0')).toBe('share')
    expect(shares.reasonToMove('t1')).toBeUndefined()
  },
)

test('nobody moves while the store does not answer, and who was not heard of for ten minutes counts no more', () => {
  const { shares, clock } = rig()
  shares.reasonToMove('b')
  shares.hold('a', 90 * mebibyte)
  expect(shares.reasonToMove('a')).toBe('share')
  clock.answers = false
  expect(shares.reasonToMove('a')).toBeUndefined()
  clock.answers = true
  clock.ms = 601_000
  shares.reasonToMove('a')
  expect(shares.reasonToMove('a')).toBeUndefined()
})

test('a limit holds for the tenant that has it: two seconds at once, then a debt that time pays', () => {
  const { shares, clock } = rig({ a: { itemsPerSecond: 100 }, c: { bytesPerSecond: 1000 } })
  shares.reasonToMove('a')
  shares.spend('a', 200, 1)
  expect(shares.reasonToMove('a')).toBeUndefined()
  shares.spend('a', 100, 1)
  expect(shares.isHeldBack('a')).toBe(true)
  expect(shares.reasonToMove('a')).toBe('limit')
  shares.spend('b', 1e9, 1e9)
  expect(shares.reasonToMove('b')).toBeUndefined()
  shares.spend('c', 1, 2001)
  expect(shares.reasonToMove('c')).toBe('limit')
  clock.ms = 1000
  expect(shares.reasonToMove('a')).toBeUndefined()
  // Silence saves up no more than two seconds.
  clock.ms = 100_000
  shares.spend('a', 201, 1)
  expect(shares.isHeldBack('a')).toBe(true)
})
