import { expect, it } from 'vitest'
import { KeptReads } from './kept-reads.ts'

const items = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at)

it('keeps what fits, and lets go of what was not asked for the longest', () => {
  const kept = new KeptReads<number>(10)
  kept.set('a', items(4))
  kept.set('b', items(4))
  expect(kept.get('a')).toHaveLength(4)
  kept.set('c', items(4))
  expect(kept.get('b')).toBeUndefined()
  expect(kept.get('a')).toHaveLength(4)
  expect(kept.get('c')).toHaveLength(4)
})

it('keeps one that is too large alone, and counts one that is replaced once', () => {
  const kept = new KeptReads<number>(10)
  kept.set('a', items(1))
  kept.set('large', items(20))
  expect(kept.get('a')).toBeUndefined()
  expect(kept.get('large')).toHaveLength(20)
  kept.set('large', items(5))
  kept.set('b', items(5))
  expect(kept.get('large')).toHaveLength(5)
  expect(kept.get('b')).toHaveLength(5)
})

it('keeps no more than some hundred reads, however small, and none once cleared', () => {
  const kept = new KeptReads<number>(1_000_000)
  for (let at = 0; at < 1000; at++) kept.set(String(at), [])
  expect(kept.get('0')).toBeUndefined()
  expect(kept.get('999')).toEqual([])
  kept.clear()
  expect(kept.get('999')).toBeUndefined()
})
