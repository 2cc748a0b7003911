import { expect, it } from 'vitest'
import { Presence } from './presence.ts'

function createClock() {
  const clock = { nowMs: 0 }
  return { clock, presence: new Presence(() => clock.nowMs) }
}

it('is small of a tenant that seldom waits, whatever waits behind one hiccup', () => {
  const { clock, presence } = createClock()
  for (let query = 0; query < 400; query++) {
    presence.waits('a')
    clock.nowMs += 5
    presence.waitsNoMore('a')
    clock.nowMs += 45
  }
  expect(presence.share('a')).toBeCloseTo(0.1, 1)
  for (let query = 0; query < 60; query++) presence.waits('a')
  clock.nowMs += 2000
  expect(presence.share('a')).toBeLessThan(0.3)
  for (let query = 0; query < 60; query++) presence.waitsNoMore('a')
  clock.nowMs += 20_000
  expect(presence.share('a')).toBeLessThan(0.05)
})

it('is all of the time of a tenant whose clients ask again at once, after some seconds', () => {
  const { clock, presence } = createClock()
  expect(presence.share('a')).toBe(0)
  presence.waits('a')
  for (let query = 0; query < 200; query++) {
    presence.waits('a')
    clock.nowMs += 20
    presence.waitsNoMore('a')
  }
  expect(presence.share('a')).toBeCloseTo(0.33, 1)
  clock.nowMs += 40_000
  expect(presence.share('a')).toBeGreaterThan(0.95)
})

it('stays below that of those who always wait, also when it waits as long as they do', () => {
  const { clock, presence } = createClock()
  presence.waits('flood')
  clock.nowMs += 30_000
  presence.waits('quiet')
  for (let second = 0; second < 30; second++) {
    clock.nowMs += 1000
    expect(presence.share('quiet')).toBeLessThan(presence.share('flood'))
  }
})
