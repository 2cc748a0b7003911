import { expect, it } from 'vitest'
import { Drain } from './drain.ts'
import { retryAfterS } from './retry-after.ts'

it('says how long a queue takes to become empty at the pace of late', () => {
  const drain = new Drain(0)
  for (let atMs = 100; atMs <= 1000; atMs += 100) drain.freed(atMs)
  expect(drain.msFor(50, 1000)).toBe(5000)
  // What was slow at first is forgotten: the last 31 came in 310 ms.
  for (let atMs = 1010; atMs <= 1500; atMs += 10) drain.freed(atMs)
  expect(drain.msFor(50, 1500)).toBe(500)
})

it('takes a queue that stands still for slower the longer it does', () => {
  const drain = new Drain(0)
  expect([drain.msFor(10, 100), drain.msFor(10, 2000)]).toEqual([1000, 20_000])
  drain.freed(2000)
  expect(drain.msFor(10, 12_000)).toBe(120_000)
})

it('sends those that are refused together back at whole seconds apart, never at once or for good', () => {
  expect([0, 0.5, 0.999].map((chance) => retryAfterS(8000, () => chance))).toEqual([8, 10, 12])
  expect([0, 0.999].map((chance) => retryAfterS(0, () => chance))).toEqual([2, 3])
  expect([0, 0.999].map((chance) => retryAfterS(1e9, () => chance))).toEqual([30, 45])
})
