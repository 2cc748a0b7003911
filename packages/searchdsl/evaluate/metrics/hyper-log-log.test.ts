import { expect, it } from 'vitest'
import { HyperLogLog } from './hyper-log-log.ts'

function estimateOf(count: number, nameOf: (at: number) => string | number): number {
  const sketch = new HyperLogLog()
  for (let at = 0; at < count; at++) {
    sketch.add(nameOf(at))
    // Again: it is no other value.
    if (at % 3 === 0) sketch.add(nameOf(at))
  }
  return sketch.estimate()
}

const kinds = {
  'numbers in a row': (at: number) => at,
  'numbers far apart': (at: number) => at * 1_000_003 + 0.5,
  'names with a number': (at: number) => `host-${at}.example.com`,
  'trace ids that differ in front': (at: number) =>
    `${at.toString(16).padStart(8, '0')}${'f'.repeat(24)}`,
  'texts with other letters than ASCII': (at: number) => `größe ${at} 温度`,
}

it.each(Object.entries(kinds))('counts %s within four standard errors', (_, nameOf) => {
  for (const count of [0, 1, 10, 1000, 11_000, 40_000, 80_000, 300_000]) {
    const estimate = estimateOf(count, nameOf)
    // Below the registers' number it is much nearer than 0.8 %.
    expect(Math.abs(estimate - count)).toBeLessThanOrEqual(Math.ceil(count * 4 * 0.0081))
  }
})

it('has no bias over many sets', () => {
  for (const count of [1000, 20_000, 45_000, 100_000]) {
    const errors = Array.from(
      { length: 40 },
      (_, set) => estimateOf(count, (at) => `${set}/${at}`) / count - 1,
    )
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
    expect(Math.abs(mean)).toBeLessThan((4 * 0.0081) / Math.sqrt(errors.length))
  }
})

it('does not care about the order', () => {
  const count = 50_000
  const forward = estimateOf(count, (at) => `v${at}`)
  expect(estimateOf(count, (at) => `v${count - 1 - at}`)).toBe(forward)
})
