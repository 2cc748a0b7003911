import { expect, it } from 'vitest'
import { nextFresh, refreshOf } from './refresh.ts'

it('looks a moment after each point of the grid', () => {
  expect(nextFresh(100_000, 1200)).toBe(101_200)
  expect(nextFresh(101_199, 1200)).toBe(101_200)
  expect(nextFresh(101_200, 1200)).toBe(106_200)
  expect(nextFresh(101_350, 1200)).toBe(106_200)
})

it('never looks again at a fixed stretch, and rarely at a long one', () => {
  const never = { state: { dataUpdatedAt: 0, errorUpdatedAt: 0 } }
  expect(refreshOf({ name: '1h', fixed: { fromMs: 1, toMs: 2 } })(never)).toBe(false)
  expect(refreshOf({ name: '6h', fixed: undefined })(never)).toBe(60_000)
})

it('waits at most one step after an answer or an error, and one while it asks', () => {
  const refresh = refreshOf({ name: '1h', fixed: undefined })
  for (const state of [
    { dataUpdatedAt: Date.now(), errorUpdatedAt: 0 },
    { dataUpdatedAt: Date.now() - 60_000, errorUpdatedAt: Date.now() },
  ]) {
    expect(refresh({ state })).toBeGreaterThan(0)
    expect(refresh({ state })).toBeLessThanOrEqual(5000)
  }
  expect(refresh({ state: { dataUpdatedAt: Date.now() - 60_000, errorUpdatedAt: 0 } })).toBe(5000)
})
