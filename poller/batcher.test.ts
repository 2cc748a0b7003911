import type { RefusedItem } from '@warren/stores/write-outcome'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createBatcher } from './batcher.ts'
import type { Chunk } from './chunk.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const chunkOf = (count: number, name = 'x'): Chunk => {
  const bytes = Buffer.from(`${name}\n`.repeat(count))
  return {
    bytes,
    starts: Uint32Array.from({ length: count + 1 }, (_, line) => line * (name.length + 1)),
    positions: Uint32Array.from({ length: count }, (_, line) => line),
  }
}

interface Write {
  readonly tenant: string
  readonly sizes: readonly number[]
  readonly end: (refused?: readonly RefusedItem[]) => void
  readonly fail: (error: Error) => void
}

const small = { maxItems: 10, maxBytes: 1000, maxWaitMs: 50 }

function setUp({ limits = () => small, maxWrites = 1 } = {}) {
  const writes: Write[] = []
  const batcher = createBatcher<Chunk>({
    limits,
    maxWrites: () => maxWrites,
    write: (tenant, take) =>
      new Promise((resolve, reject) => {
        const sizes = take().map(({ positions }) => positions.length)
        writes.push({
          tenant,
          sizes,
          end: (refused = []) => resolve({ refused, isReleased: true }),
          fail: reject,
        })
      }),
  })
  return { batcher, writes, shapes: () => writes.map(({ tenant, sizes }) => [tenant, ...sizes]) }
}

it('writes what has gathered when the first message has waited long enough', async () => {
  const { batcher, shapes } = setUp()
  void batcher.add('a', chunkOf(2), false)
  await vi.advanceTimersByTimeAsync(40)
  void batcher.add('a', chunkOf(3), false)
  void batcher.add('b', chunkOf(1), false)
  expect(shapes()).toEqual([])
  await vi.advanceTimersByTimeAsync(10)
  expect(shapes()).toEqual([['a', 2, 3]])
  await vi.advanceTimersByTimeAsync(40)
  expect(shapes()).toEqual([
    ['a', 2, 3],
    ['b', 1],
  ])
})

it('writes at once when enough items or bytes have gathered, and never more than the limits unless one message has', async () => {
  const { batcher, writes, shapes } = setUp()
  for (const count of [4, 5, 3, 25]) void batcher.add('a', chunkOf(count), false)
  await vi.advanceTimersByTimeAsync(0)
  expect(shapes()).toEqual([['a', 4, 5]])
  writes[0]?.end()
  await vi.advanceTimersByTimeAsync(0)
  writes[1]?.end()
  await vi.advanceTimersByTimeAsync(0)
  expect(shapes()).toEqual([
    ['a', 4, 5],
    ['a', 3],
    ['a', 25],
  ])
  const large = setUp()
  void large.batcher.add('a', chunkOf(1, 'y'.repeat(1200)), false)
  expect(large.shapes()).toEqual([['a', 1]])
})

it('gives each message its own refused items', async () => {
  const { batcher, writes } = setUp()
  const first = batcher.add('a', chunkOf(4), false)
  const second = batcher.add('a', chunkOf(6), false)
  const refused = [3, 4, 9].map((index) => ({ index, code: 'malformed' as const, reason: 'r' }))
  writes[0]?.end(refused)
  expect((await first).refused.map(({ index }) => index)).toEqual([3])
  expect((await second).refused.map(({ index }) => index)).toEqual([0, 5])
})

it('keeps a suspect message apart', async () => {
  const { batcher, writes, shapes } = setUp()
  void batcher.add('a', chunkOf(1), false)
  void batcher.add('a', chunkOf(2), true)
  void batcher.add('a', chunkOf(3), false)
  for (const index of [0, 1, 2]) {
    await vi.advanceTimersByTimeAsync(0)
    writes[index]?.end()
  }
  expect(shapes()).toEqual([
    ['a', 1],
    ['a', 2],
    ['a', 3],
  ])
})

it('lets one tenant wait without the others, and goes on after a failure', async () => {
  const { batcher, writes, shapes } = setUp()
  const stuck = batcher.add('stuck', chunkOf(10), false)
  const fine = batcher.add('fine', chunkOf(10), false)
  writes[1]?.end()
  await expect(fine).resolves.toEqual({ refused: [], isReleased: true })
  const failed = expect(stuck).rejects.toThrow('closing')
  writes[0]?.fail(new Error('closing'))
  await failed
  void batcher.add('stuck', chunkOf(10), false)
  expect(shapes()).toHaveLength(3)
})

it('starts further writes of a tenant for full batches only, and no more than it may', async () => {
  const { batcher, writes, shapes } = setUp({ maxWrites: 2 })
  for (const count of [10, 4, 6, 10, 3]) void batcher.add('a', chunkOf(count), false)
  expect(shapes()).toEqual([
    ['a', 10],
    ['a', 4, 6],
  ])
  writes[1]?.end()
  await vi.advanceTimersByTimeAsync(0)
  expect(shapes().slice(2)).toEqual([['a', 10]])
  writes[2]?.end()
  await vi.advanceTimersByTimeAsync(100)
  // Not full, and the first one is still under way.
  expect(shapes()).toHaveLength(3)
  writes[0]?.end()
  await vi.advanceTimersByTimeAsync(0)
  expect(shapes().slice(3)).toEqual([['a', 3]])
})

it('follows limits that change', async () => {
  let maxItems = 10
  const { batcher, writes, shapes } = setUp({ limits: () => ({ ...small, maxItems }) })
  for (const count of [4, 4, 4]) void batcher.add('a', chunkOf(count), false)
  maxItems = 4
  writes[0]?.end()
  await vi.advanceTimersByTimeAsync(0)
  expect(shapes()).toEqual([
    ['a', 4, 4],
    ['a', 4],
  ])
})

it('lets a batch grow until its write takes it', async () => {
  const taken: number[][] = []
  const free: (() => void)[] = []
  const batcher = createBatcher<Chunk>({
    limits: () => small,
    maxWrites: () => 1,
    write: async (_, take) => {
      await new Promise<void>((resolve) => free.push(resolve))
      taken.push(take().map(({ positions }) => positions.length))
      return { refused: [{ index: 6, code: 'malformed', reason: 'r' }], isReleased: false }
    },
  })
  const first = batcher.add('a', chunkOf(3), false)
  await vi.advanceTimersByTimeAsync(50)
  const second = batcher.add('a', chunkOf(5), false)
  const third = batcher.add('a', chunkOf(8), false)
  expect(free).toHaveLength(1)
  free[0]?.()
  expect((await first).refused).toEqual([])
  expect((await second).refused.map(({ index }) => index)).toEqual([3])
  await vi.advanceTimersByTimeAsync(0)
  free[1]?.()
  expect((await third).refused.map(({ index }) => index)).toEqual([6])
  expect(taken).toEqual([[3, 5], [8]])
})

it('rejects what a write has not taken when it fails', async () => {
  const batcher = createBatcher<Chunk>({
    limits: () => small,
    maxWrites: () => 1,
    write: () => Promise.reject(new Error('closing')),
  })
  const added = [7, 7].map((count) => batcher.add('a', chunkOf(count), false))
  const outcomes = await Promise.allSettled(added)
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
