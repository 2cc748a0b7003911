import { expect, it } from 'vitest'
import { format, formatTicks } from './format.ts'

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

it.each([
  [[0, 2.5, 5, 7.5], 'number', ['0.0', '2.5', '5.0', '7.5']],
  [[0, 2, 4], 'number', ['0', '2', '4']],
  [[0, 0.1, 0.2, 0.30000000000000004], 'number', ['0.0', '0.1', '0.2', '0.3']],
  [[0, 500, 1000], 'perSecond', ['0.0 k/s', '0.5 k/s', '1.0 k/s']],
  [[0, 2 ** 29, 2 ** 30], 'bytes', ['0.0 GiB', '0.5 GiB', '1.0 GiB']],
  [[0, 50, 100], 'percent', ['0 %', '50 %', '100 %']],
  [[0, 0.0005], 'number', ['0.000', '0.001']],
  [[], 'number', []],
] as const)('formats the ticks %j as %s: %j', (ticks, unit, texts) => {
  expect(formatTicks(ticks, unit)).toEqual(texts)
})
