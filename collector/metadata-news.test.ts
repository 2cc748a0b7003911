import { expect, it } from 'vitest'
import { createMetadataNews } from './metadata-news.ts'

const cpu = { measurement: 'cpu', field: 'value', unit: '%' }
const mem = { measurement: 'mem', field: 'value', unit: 'B' }

const open = (maxFields = 10) => {
  let nowMs = 0
  const news = createMetadataNews({ maxFields, forgetMs: 1000, now: () => nowMs })
  const linesOf = (tenant: string, metadata: (typeof cpu)[]) => news.unsent(tenant, metadata).length
  return { news, linesOf, wait: (ms: number) => (nowMs += ms) }
}

it('is news until it was sent, when it changes, and after a while', () => {
  const { news, linesOf, wait } = open()
  expect(linesOf('a', [cpu, mem, cpu])).toBe(2)
  expect(linesOf('a', [cpu])).toBe(1)
  news.sent('a', [cpu])
  expect(linesOf('a', [cpu, mem])).toBe(1)
  expect(linesOf('a', [{ ...cpu, unit: 's' }])).toBe(1)
  wait(1001)
  expect(linesOf('a', [cpu])).toBe(1)
})

it('keeps tenants apart, and forgets the oldest above its bound', () => {
  const { news, linesOf } = open(1)
  news.sent('a', [cpu])
  expect(linesOf('b', [cpu])).toBe(1)
  news.sent('b', [cpu])
  expect([linesOf('a', [cpu]), linesOf('b', [cpu])]).toEqual([1, 0])
})
