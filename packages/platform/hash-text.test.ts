import { expect, it } from 'vitest'
import { hashText } from './hash-text.ts'

it('is what indexes on disk were made with', () => {
  expect(['', 'error', 'größe', '\u{1f600}'].map(hashText)).toEqual([
    242_683_283_934_595, 155_296_389_239_621, 278_519_369_737_516, 222_116_095_571_118,
  ])
})

it('gives neighbours other numbers, spread over 48 bits', () => {
  const hashes = Array.from({ length: 100_000 }, (_, at) => hashText(`host-${at}`))
  expect(new Set(hashes).size).toBe(hashes.length)
  for (let bit = 0; bit < 48; bit++) {
    const set = hashes.filter((hash) => Math.floor(hash / 2 ** bit) % 2 === 1).length
    expect(Math.abs(set / hashes.length - 0.5)).toBeLessThan(0.01)
  }
})
