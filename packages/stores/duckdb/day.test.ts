import { expect, test } from 'vitest'
import { dayOfNs, parseDayText, toDayText } from './day.ts'

test.each([
  [0n, 0, '1970-01-01'],
  [-1n, -1, '1969-12-31'],
  [86_399_999_999_999n, 0, '1970-01-01'],
  [4_102_444_800_000_000_000n, 47_482, '2100-01-01'],
  [-(2n ** 63n), -106_752, '1677-09-21'],
])('%s ns is on day %i', (ns, day, text) => {
  expect(dayOfNs(ns)).toBe(day)
  expect(toDayText(day)).toBe(text)
  expect(parseDayText(text)).toBe(day)
})

test.each(['2026-02-30x', '2026-13-01', 'spill', ''])('%s is no day', (text) => {
  expect(parseDayText(text)).toBeUndefined()
})
