import { expect, it } from 'vitest'
import { KeptAnswers } from './kept-answers.ts'

const keep = (tenant: string, bytes: number, untilMs = 100) => ({
  ...{ tenant, bytes, untilMs },
  value: bytes,
})

it('drops the least recently used beyond its bound, of the tenant that is beyond its own first', () => {
  const kept = new KeptAnswers<number>({ maxBytes: 100, maxBytesPerTenant: 60 })
  kept.set('other', keep('b', 30))
  for (const key of ['one', 'two', 'three']) kept.set(key, keep('a', 20))
  expect(kept.get('one', 0)).toBe(20)
  kept.set('four', keep('a', 20))
  expect([kept.get('two', 0), kept.get('one', 0), kept.get('other', 0)]).toEqual([
    undefined,
    20,
    30,
  ])
  kept.set('large', keep('b', 61))
  expect(kept.get('large', 0)).toBeUndefined()
  kept.set('c', keep('c', 50))
  expect(kept.bytes).toBeLessThanOrEqual(100)
  expect(kept.get('c', 0)).toBe(50)
})

it('forgets what is over, and what it is told to', () => {
  const kept = new KeptAnswers<number>({ maxBytes: 100, maxBytesPerTenant: 100 })
  kept.set('one', keep('a', 10, 5))
  kept.set('two', keep('a', 20))
  kept.set('three', keep('a', 30))
  expect(kept.get('one', 5)).toBeUndefined()
  kept.replace((value) => (value === 20 ? undefined : value))
  kept.set('four', keep('a', 5, 6))
  kept.sweep(6)
  expect([kept.bytes, kept.get('three', 6)]).toEqual([30, 30])
})
