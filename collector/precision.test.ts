import { expect, test } from 'vitest'
import { nanosecondsIn } from './precision.ts'

test('knows the precisions of both versions, and nanoseconds without one', () => {
  expect([null, '', 'ns', 'us', 'ms', 's', 'h'].map(nanosecondsIn)).toEqual([
    1n,
    1n,
    1n,
    1_000n,
    1_000_000n,
    1_000_000_000n,
    3_600_000_000_000n,
  ])
})

test.each(['day', 'constructor', '__proto__', 'toString'])('knows no %s', (precision) => {
  expect(nanosecondsIn(precision)).toBeUndefined()
})
