import { expect, it } from 'vitest'
import { Scheduler } from './scheduler.ts'
import { StoreLimit } from './store-limit.ts'

const signal = new AbortController().signal
const wish = { tenant: 'a', group: 'all', cost: 1, isAlert: false, signal }
const limits = {
  ...{ concurrent: 4, concurrentPerTenant: 4, queued: 100, queuedPerTenant: 100 },
  concurrentAlertsPerTenant: 1,
}

it('asks a store less while it fails, and more again by and by', () => {
  let nowMs = 0
  const limit = new StoreLimit({ least: 1, most: 10 }, () => nowMs)
  for (let drop = 0; drop < 3; drop++) {
    limit.dropped(10)
    // What was under way with it fails with it.
    limit.dropped(10)
    nowMs += 1000
  }
  expect(limit.value).toBe(7)
  for (let query = 0; query < 100; query++) limit.answered(1)
  // Nobody used it: nothing is known.
  expect(limit.value).toBe(7)
  for (let query = 0; query < 30; query++) limit.answered(7)
  expect(limit.value).toBe(10)
  for (let drop = 0; drop < 100; drop++) {
    limit.dropped(10)
    nowMs += 1000
  }
  expect(limit.value).toBe(1)
  for (let query = 0; query < 100; query++) limit.answered(limit.value)
  expect(limit.value).toBe(10)
  // It was asked four at once, and that was too much.
  limit.dropped(4)
  expect(limit.value).toBe(3)
})

it('has turns for alert rules when all others are taken, and bounds them by tenant', async () => {
  const scheduler = new Scheduler(limits)
  const others = await Promise.all(
    ['a', 'b', 'c'].map((tenant) => scheduler.take({ ...wish, tenant })),
  )
  const waiting = scheduler.take(wish)
  const alert = await scheduler.take({ ...wish, isAlert: true })
  const next = scheduler.take({ ...wish, isAlert: true })
  expect([scheduler.running, scheduler.waiting]).toEqual([4, 2])
  alert.end('answered')
  alert.end('answered')
  const second = await next
  for (const turn of [...others, second]) turn.end('answered')
  const last = await waiting
  last.end('left')
  expect([scheduler.running, scheduler.waiting]).toEqual([0, 0])
})

it('never lets one tenant take all turns', async () => {
  const scheduler = new Scheduler(limits)
  const first = await scheduler.take(wish)
  const second = scheduler.take(wish)
  const other = await scheduler.take({ ...wish, tenant: 'b' })
  expect([scheduler.running, scheduler.waiting]).toEqual([2, 1])
  first.end('answered')
  const last = await second
  for (const turn of [other, last]) turn.end('answered')
  expect([scheduler.running, scheduler.waiting]).toEqual([0, 0])
})
