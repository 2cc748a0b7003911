import { expect, it, test } from 'vitest'
import { expandedLength } from './re2-length.ts'

it.each([
  ['', 0],
  ['abc', 3],
  ['a{3}', 3],
  ['a{2,5}', 5],
  ['a{3,}', 3],
  ['ab{999}', 1000],
  ['(ab){10}', 40],
  ['((a{10}){10}){10}', 1220],
  ['[a-z]{100}', 100],
  ['[]a]{2}', 2],
  ['[[:alpha:]_]x', 2],
  ['\\d{10}', 10],
  ['\\.\\{2', 3],
  ['\\pL{10}', 80],
  ['\\p{Greek}', 8],
  ['[\\pL\\pN]', 17],
  ['\\Qa{9}\\E', 8],
  ['(a', 1],
  ['a)b', 3],
])('%j takes %i', (source, length) => {
  expect(expandedLength(source)).toBe(length)
})

test('what is no regex takes no longer to look at', () => {
  const start = performance.now()
  for (const part of ['[', '(', '[[:', '\\Q', '\\p{', '{1', '[^'])
    expandedLength(part.repeat(16_384 / part.length))
  expect(performance.now() - start).toBeLessThan(2000)
})
