import { expect, it } from 'vitest'
import { createPrefetchSize } from './prefetch-size.ts'

const observeMany = (size: ReturnType<typeof createPrefetchSize>, bytes: number, times: number) => {
  let changes = 0
  for (let count = 0; count < times; count += 1) if (size.observe(bytes)) changes += 1
  return changes
}

it('starts as if messages were large, and grows to the limit in a few steps when they are small', () => {
  const size = createPrefetchSize({ maxMessages: 1000, maxBytes: 64 * 1024 ** 2 })
  expect(size.messages).toBe(64)
  const changes = observeMany(size, 500, 500)
  expect(size.messages).toBe(1000)
  expect(changes).toBeLessThan(10)
})

it('holds no more bytes than it should when messages become large', () => {
  const size = createPrefetchSize({ maxMessages: 1000, maxBytes: 64 * 1024 ** 2 })
  observeMany(size, 500, 500)
  observeMany(size, 16 * 1024 ** 2, 200)
  expect(size.messages).toBeLessThan(8)
})

it('never goes below one message', () => {
  const size = createPrefetchSize({ maxMessages: 10, maxBytes: 100 })
  expect(size.messages).toBe(1)
})
