import { expect, test } from 'vitest'
import { freeBytes } from './free-bytes.ts'

test('what is freed takes no memory before any collection, and its views are empty', () => {
  const before = process.memoryUsage().arrayBuffers
  const bytes = new Uint8Array(64 * 1024 ** 2).fill(1)
  const view = bytes.subarray(10)
  expect(process.memoryUsage().arrayBuffers).toBeGreaterThan(before + 60 * 1024 ** 2)
  freeBytes(bytes)
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(before + 10 * 1024 ** 2)
  expect([bytes.length, view.length]).toEqual([0, 0])
})

test('freeing again changes nothing', () => {
  const bytes = new Uint8Array(100_000)
  freeBytes(bytes)
  expect(() => freeBytes(bytes)).not.toThrow()
})

test('a buffer as large as a pool is freed, and no part of a pool', () => {
  const own = Buffer.allocUnsafeSlow(Buffer.poolSize)
  const pooled = Buffer.from('x'.repeat(20_000))
  expect(pooled.buffer.byteLength).toBe(Buffer.poolSize)
  freeBytes(own)
  freeBytes(pooled)
  expect([own.length, pooled.length]).toEqual([0, 20_000])
})

test('a small buffer, which may be part of one that others use, stays', () => {
  const [one, other] = [Buffer.from('mine'), Buffer.from('yours')]
  freeBytes(one)
  expect([one.toString(), other.toString()]).toEqual(['mine', 'yours'])
})
