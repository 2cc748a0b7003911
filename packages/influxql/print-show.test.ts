import { expect, test } from 'vitest'
import { outcomeOf } from './parse.testing.ts'

// Each answer is that of the reference parser, github.com/influxdata/influxql 1.4.1.

test.each([
  ["SHOW STATS FOR ''", 'SHOW STATS'],
  ["SHOW DIAGNOSTICS FOR ''", 'SHOW DIAGNOSTICS'],
  ["SHOW STATS FOR 'x'", "SHOW STATS FOR 'x'"],
])('a module of no name: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})
