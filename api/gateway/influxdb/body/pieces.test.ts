import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Pieces } from './pieces.ts'

const part = fc.oneof(
  fc.record({ how: fc.constant('text' as const), text: fc.string({ unit: 'grapheme' }) }),
  fc.record({ how: fc.constant('copy' as const), text: fc.string() }),
  fc.record({ how: fc.constant('piece' as const), text: fc.string() }),
  // Longer than a piece.
  fc.constant({ how: 'text' as const, text: 'é'.repeat(70_000) }),
  fc.constant({ how: 'copy' as const, text: 'c'.repeat(70_000) }),
)

it('joins texts, copies and pieces in the order in which they came', () => {
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const pieces = new Pieces(1e9)
      const lent = Buffer.alloc(200_000)
      for (const { how, text } of parts)
        if (how === 'text') pieces.add(text)
        else if (how === 'piece') pieces.addBytes(Buffer.from(text))
        else pieces.copy(lent.subarray(0, lent.write(text)))
      lent.fill('x')
      const whole = parts.map(({ text }) => text).join('')
      expect(pieces.join().equals(Buffer.from(whole))).toBe(true)
    }),
  )
})

it('holds little more than its bound', () => {
  const pieces = new Pieces(100_000)
  let copied = 0
  expect(() => {
    for (; ; copied += 1000) pieces.copy(Buffer.alloc(1000))
  }).toThrow('larger than 100000 bytes')
  expect(copied).toBeLessThan(200_000)
})

it('makes a few large pieces of many small parts', () => {
  const pieces = new Pieces(1e9)
  for (let number = 0; number < 1000; number++) {
    pieces.add('{"tags":')
    pieces.copy(Buffer.alloc(2400))
  }
  expect(pieces.all().length).toBeLessThan(60)
})
