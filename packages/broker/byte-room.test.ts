import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createByteRoom } from './byte-room.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const settledIn = async (promise: Promise<unknown>) => {
  let state = 'waits'
  promise.then(
    () => {
      state = 'in'
    },
    (error) => {
      state = error.code
    },
  )
  await vi.advanceTimersByTimeAsync(0)
  return () => state
}

it('lets in what fits, in the order of asking, and one large item when empty', async () => {
  const room = createByteRoom({ maxBytes: 10, maxWaiting: 10 })
  await room.take(6, 1000)
  const large = await settledIn(room.take(20, 1000))
  const small = await settledIn(room.take(1, 1000))
  expect([large(), small()]).toEqual(['waits', 'waits'])
  room.give(6)
  await vi.advanceTimersByTimeAsync(0)
  expect([large(), small()]).toEqual(['in', 'waits'])
  room.give(20)
  await vi.advanceTimersByTimeAsync(0)
  expect(small()).toBe('in')
  expect(room.usedBytes).toBe(1)
})

it('refuses who has waited long enough, who comes when too many wait, and everyone when cleared', async () => {
  const room = createByteRoom({ maxBytes: 10, maxWaiting: 2 })
  await room.take(10, 1000)
  const late = await settledIn(room.take(1, 1000))
  const cleared = await settledIn(room.take(1, 5000))
  const third = await settledIn(room.take(1, 1000))
  expect(third()).toBe('backpressure')
  await vi.advanceTimersByTimeAsync(1000)
  expect([late(), cleared()]).toEqual(['backpressure', 'waits'])
  room.clear(Object.assign(new Error('closed'), { code: 'closed' }))
  await vi.advanceTimersByTimeAsync(0)
  expect(cleared()).toBe('closed')
})

it('is never overfull but by one item, and ends empty', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 15 }), { maxLength: 50 })
  await fc.assert(
    fc.asyncProperty(sizes, async (items) => {
      const room = createByteRoom({ maxBytes: 10, maxWaiting: 100 })
      const jobs = items.map(async (bytes) => {
        await room.take(bytes, 60_000)
        expect(room.usedBytes <= 10 || room.usedBytes === bytes).toBe(true)
        await Promise.resolve()
        room.give(bytes)
      })
      await Promise.all(jobs)
      expect(room.usedBytes).toBe(0)
    }),
  )
})
