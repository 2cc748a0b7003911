import { expect, it } from 'vitest'
import { Presence } from './presence.ts'

function createClock() {
  const clock = { nowMs: 0 }
  return { clock, presence: new Presence(() => clock.nowMs) }
}

it('is below one of a tenant whose queries are answered before the next, whatever their rate', () => {
  const { clock, presence } = createClock()
  for (let query = 0; query < 400; query++) {
    presence.came('a')
    clock.nowMs += 20
    presence.left('a')
    clock.nowMs += 30
  }
  expect(presence.average('a')).toBeCloseTo(0.4, 1)
  // A short trouble does not change who it is.
  for (let query = 0; query < 6; query++) presence.came('a')
  clock.nowMs += 500
  expect(presence.average('a')).toBeLessThan(1)
  clock.nowMs += 20_000
  expect(presence.average('a')).toBeGreaterThan(4)
})

it('is the number of its clients of a tenant whose clients ask again at once, from the start', () => {
  const { clock, presence } = createClock()
  presence.came('a')
  presence.came('a')
  expect(presence.average('a')).toBe(2)
  for (let query = 0; query < 100; query++) {
    clock.nowMs += 200
    presence.left('a')
    presence.came('a')
    expect(presence.average('a')).toBeCloseTo(2, 5)
  }
})

it('forgets a tenant that has not asked for a minute', () => {
  const { clock, presence } = createClock()
  expect(presence.average('a')).toBe(0)
  presence.came('a')
  clock.nowMs += 1000
  presence.left('a')
  clock.nowMs += 5000
  expect(presence.average('a')).toBeLessThan(0.3)
  clock.nowMs += 61_000
  presence.came('a')
  presence.came('a')
  expect(presence.average('a')).toBe(2)
})
