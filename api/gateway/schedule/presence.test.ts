import { expect, it } from 'vitest'
import { Presence } from './presence.ts'

function createClock() {
  const clock = { nowMs: 0 }
  const presence = new Presence(() => clock.nowMs)
  /** One that asks twenty times a second and waits 5 ms each time. */
  const askOften = (tenant: string, times: number): void => {
    for (let query = 0; query < times; query++) {
      presence.came(tenant, true)
      clock.nowMs += 5
      presence.waitsNoMore(tenant)
      clock.nowMs += 45
    }
  }
  /** Two clients that ask again at once. */
  const flood = (tenant: string, ms: number): void => {
    presence.came(tenant, true)
    for (let passedMs = 0; passedMs < ms; passedMs += 20) {
      presence.came(tenant, true)
      clock.nowMs += 20
      presence.waitsNoMore(tenant)
    }
    presence.waitsNoMore(tenant)
  }
  return { clock, presence, askOften, flood }
}

it('is small of a tenant that seldom waits, whatever waits behind one hiccup', () => {
  const { clock, presence, askOften } = createClock()
  askOften('a', 600)
  expect(presence.share('a')).toBeCloseTo(0.1, 1)
  for (let query = 0; query < 60; query++) presence.came('a', true)
  clock.nowMs += 1500
  expect(presence.share('a')).toBeLessThan(0.3)
})

it('is all of the time of a tenant whose clients ask again at once, and stays so while it is idle', () => {
  const { clock, presence, flood } = createClock()
  expect(presence.share('a')).toBe(0.5)
  flood('a', 5000)
  expect(presence.share('a')).toBeCloseTo(0.7, 1)
  flood('a', 40_000)
  expect(presence.share('a')).toBeGreaterThan(0.95)
  clock.nowMs += 30_000
  expect(presence.share('a')).toBeGreaterThan(0.7)
  clock.nowMs += 600_000
  expect(presence.share('a')).toBeCloseTo(0.5, 2)
})

it('is smaller of who asked little before than of those that come with a flood, from the start', () => {
  const { clock, presence, askOften } = createClock()
  askOften('quiet', 600)
  for (let second = 0; second < 10; second++) {
    for (const tenant of ['quiet', 'flood']) presence.came(tenant, true)
    clock.nowMs += 1000
    expect(presence.share('quiet')).toBeLessThan(presence.share('flood') - 0.1)
  }
})
