import { expect, it } from 'vitest'
import { format } from './format.ts'

it.each([
  [12.34, 'percent', '12 %'],
  [0.5, 'percent', '0.5 %'],
  [0, 'percent', '0 %'],
  [0, 'bytes', '0 B'],
  [1536, 'bytes', '1.50 KiB'],
  [-2048, 'bytesPerSecond', '-2 KiB/s'],
  [1_500_000, 'number', '1.50 M'],
  [123_456, 'perSecond', '123 k/s'],
] as const)('formats %d as %s: %s', (value, unit, text) => {
  expect(format(value, unit)).toBe(text)
})
