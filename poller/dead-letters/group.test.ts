import { expect, it } from 'vitest'
import type { RefusedLine } from '../chunk.ts'
import { groupRefused } from './group.ts'

const refusedOf = (count: number, size = 1): RefusedLine[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    code: index % 2 === 0 ? 'malformed' : 'bad_timestamp',
    reason: `reason ${index}`,
    bytes: Buffer.alloc(size, 0x61 + (index % 26)),
  }))

it('leaves a thousand as they are', () => {
  const items = refusedOf(1000)
  expect(groupRefused(items)).toBe(items)
})

it('puts what is more together by code, and loses no line', () => {
  const items = refusedOf(200_000, 20)
  const grouped = groupRefused(items)
  expect(grouped.length).toBeLessThan(1020)
  expect(grouped.slice(0, 1000)).toEqual(items.slice(0, 1000))
  const lines = grouped
    .slice(1000)
    .flatMap(({ bytes }) => Buffer.from(bytes).toString().trim().split('\n'))
  expect(lines.sort()).toEqual(
    items
      .slice(1000)
      .map(({ bytes }) => Buffer.from(bytes).toString())
      .sort(),
  )
  for (const { bytes } of grouped) expect(bytes.length).toBeLessThan(1024 ** 2)
  expect(grouped.find(({ index }) => index === 1000)?.reason).toContain('the first: reason 1000')
})
