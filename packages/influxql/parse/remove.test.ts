import { expect, test } from 'vitest'
import { outcomeOf } from '../parse.testing.ts'

// Each answer is that of the reference parser, github.com/influxdata/influxql 1.4.1.

test.each([
  ['DELETE FROM rp.cpu', 'DELETE FROM rp.cpu'],
  ['DELETE FROM d..cpu', 'database not supported at line 1, char 1'],
  ['DELETE FROM d.rp.cpu WHERE a = 1', 'database not supported at line 1, char 1'],
  ['DROP SERIES FROM rp.cpu', 'retention policy not supported at line 1, char 1'],
  ['DROP SERIES FROM rp.cpu, d..cpu', 'database not supported at line 1, char 1'],
  ['DROP SERIES FROM d.rp.cpu', 'retention policy not supported at line 1, char 1'],
])('DELETE and DROP SERIES: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})
