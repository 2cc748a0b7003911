import { expect, it } from 'vitest'
import { epochOf } from './parameters.ts'

it.each([
  [undefined, undefined],
  ['', undefined],
  ['ms', 'ms'],
  ['n', 'ns'],
  ['µ', 'u'],
  // As in InfluxDB, what is no unit means nanoseconds.
  ['days', 'ns'],
  ['constructor', 'ns'],
])('epoch %s', (text, unit) => expect(epochOf(text)).toBe(unit))
