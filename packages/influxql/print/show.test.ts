import { expect, test } from 'vitest'
import { outcomeOf } from '../parse.testing.ts'

// Each answer is that of the reference parser, github.com/influxdata/influxql 1.4.1.

test.each([
  ["SHOW STATS FOR ''", 'SHOW STATS'],
  ["SHOW DIAGNOSTICS FOR ''", 'SHOW DIAGNOSTICS'],
  ["SHOW STATS FOR 'x'", "SHOW STATS FOR 'x'"],
  ['SHOW FIELD KEYS ON ""', 'SHOW FIELD KEYS'],
  ['SHOW SERIES ON "" FROM cpu', 'SHOW SERIES FROM cpu'],
  ['SHOW RETENTION POLICIES ON ""', 'SHOW RETENTION POLICIES'],
  ['KILL QUERY 1 ON ""', 'KILL QUERY 1'],
  ['CREATE DATABASE d WITH DURATION 1h NAME ""', 'CREATE DATABASE d WITH DURATION 1h0m0s'],
])('an empty name is none: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})
