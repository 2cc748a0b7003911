import { expect, test } from 'vitest'
import { outcomeOf } from '../parse.testing.ts'

// Each answer is that of the reference parser, github.com/influxdata/influxql 1.4.1.

test.each([
  [
    'SELECT v FROM cpu WHERE time > now() - 106752d',
    'overflowed duration 106752d: choose a smaller duration or INF',
  ],
  ['SELECT v FROM cpu WHERE time > 1x', 'invalid duration'],
  ['SELECT v FROM cpu WHERE time > 9223372036854775808s', 'invalid duration'],
  [
    'SELECT v FROM cpu WHERE v > 1h999999999999w',
    'overflowed duration 999999999999w: choose a smaller duration or INF',
  ],
  [
    'SELECT v FROM cpu WHERE v > 20000000000000d',
    'overflowed duration 20000000000000d: choose a smaller duration or INF',
  ],
  [
    'SELECT v FROM cpu WHERE v > 9999999999s',
    'overflowed duration 9999999999s: choose a smaller duration or INF',
  ],
  ['CREATE DATABASE d WITH DURATION 1x', 'invalid duration at line 1, char 33'],
  [
    'CREATE DATABASE d WITH DURATION 106752d',
    'overflowed duration 106752d: choose a smaller duration or INF at line 1, char 33',
  ],
  ['CREATE CONTINUOUS QUERY c ON d RESAMPLE EVERY 1x BEGIN', 'invalid duration at line 1, char 47'],
])('a duration: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  [
    'CREATE RETENTION POLICY p ON d DURATION 1h REPLICATION 0',
    'invalid value 0: must be 1 <= n <= 2147483647 at line 1, char 56',
    {},
  ],
  [
    'CREATE RETENTION POLICY p ON d DURATION 1h REPLICATION 2147483648',
    'invalid value 2147483648: must be 1 <= n <= 2147483647 at line 1, char 56',
    {},
  ],
  [
    'CREATE RETENTION POLICY p ON d DURATION 1h REPLICATION 99999999999999999999',
    'strconv.Atoi: parsing "99999999999999999999": value out of range at line 1, char 56',
    {},
  ],
  [
    'DROP SHARD 18446744073709551616',
    'strconv.ParseUint: parsing "18446744073709551616": value out of range at line 1, char 12',
    {},
  ],
  ['DROP SHARD 18446744073709551615', 'DROP SHARD 18446744073709551615', {}],
  [
    'KILL QUERY 99999999999999999999',
    'strconv.ParseUint: parsing "99999999999999999999": value out of range at line 1, char 12',
    {},
  ],
  [
    'SELECT v FROM cpu LIMIT 99999999999999999999',
    'SELECT v FROM cpu LIMIT 9223372036854775807',
    {},
  ],
  [
    'SELECT v FROM cpu LIMIT 9223372036854775807 SOFFSET 9007199254740992',
    'SELECT v FROM cpu LIMIT 9223372036854775807 SOFFSET 9007199254740992',
    {},
  ],
  ['SELECT v FROM cpu LIMIT $x', 'LIMIT must be >= 0 at line 1, char 25', { x: -1 }],
  ['SELECT v FROM cpu SOFFSET $x', 'SOFFSET must be >= 0 at line 1, char 27', { x: -1 }],
  [
    'KILL QUERY $x',
    'strconv.ParseUint: parsing "-5": invalid syntax at line 1, char 12',
    { x: -5 },
  ],
  [
    'ALTER RETENTION POLICY p ON d REPLICATION $x',
    'invalid value -5: must be 1 <= n <= 2147483647 at line 1, char 43',
    { x: -5 },
  ],
])('a count and a number: %j', (text, answer, parameters) => {
  expect(outcomeOf(text, parameters)).toBe(answer)
})
