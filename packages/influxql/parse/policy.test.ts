import { expect, test } from 'vitest'
import { outcomeOf } from '../parse.testing.ts'

// Each answer is that of the reference parser, github.com/influxdata/influxql 1.4.1.

test.each([
  [
    'CREATE DATABASE d WITH',
    'found EOF, expected DURATION, NAME, REPLICATION, SHARD, FUTURE, PAST at line 1, char 24',
  ],
  ['CREATE DATABASE d WITH NAME DEFAULT', 'found DEFAULT, expected identifier at line 1, char 29'],
  ['CREATE DATABASE d WITH DURATION 1d', 'CREATE DATABASE d WITH DURATION 24h0m0s'],
  ['CREATE DATABASE d WITH DURATION INF SHARD DURATION INF', 'CREATE DATABASE d WITH DURATION 0s'],
  [
    'CREATE DATABASE d WITH SHARD DURATION 90m FUTURE LIMIT INF PAST LIMIT 1w NAME "a b"',
    'CREATE DATABASE d WITH SHARD DURATION 1h30m0s PAST LIMIT 1w NAME "a b"',
  ],
  ['CREATE DATABASE d WITH NAME n DURATION 1h', 'found DURATION, expected ; at line 1, char 31'],
  [
    'CREATE RETENTION POLICY p ON d DURATION 1h REPLICATION 1 SHARD DURATION 0s DEFAULT FUTURE LIMIT 1h PAST LIMIT 1d',
    'CREATE RETENTION POLICY p ON d DURATION 1h REPLICATION 1 DEFAULT FUTURE LIMIT 1h PAST LIMIT 1d',
  ],
  [
    'CREATE RETENTION POLICY p ON d DURATION 1h REPLICATION 1 FUTURE LIMIT INF DEFAULT',
    'found DEFAULT, expected ; at line 1, char 75',
  ],
  [
    'CREATE RETENTION POLICY p ON d DURATION 1h REPLICATION 1 DURATION 2h',
    'found DURATION, expected ; at line 1, char 58',
  ],
  [
    'CREATE RETENTION POLICY p ON d DURATION 1h REPLICATION 1 SHARD DURATION INF',
    'invalid duration INF for shard duration at line 1, char 73',
  ],
  [
    'ALTER RETENTION POLICY p ON d FUTURE LIMIT 1h DEFAULT SHARD DURATION 0s',
    'ALTER RETENTION POLICY p ON d SHARD DURATION 0s DEFAULT FUTURE LIMIT 1h',
  ],
  [
    'ALTER RETENTION POLICY p ON d SHARD DURATION INF',
    'invalid duration INF for shard duration at line 1, char 46',
  ],
  ['ALTER RETENTION POLICY p ON d FUTURE LIMIT INF', 'ALTER RETENTION POLICY p ON d'],
  [
    'ALTER RETENTION POLICY p ON d DEFAULT DEFAULT',
    'found duplicate DEFAULT option at line 1, char 39',
  ],
  [
    'ALTER RETENTION POLICY p ON d',
    'found EOF, expected DURATION, REPLICATION, SHARD, DEFAULT, FUTURE, PAST at line 1, char 31',
  ],
  ['ALTER RETENTION POLICY p ON d FUTURE 1h', 'found 1h, expected LIMIT at line 1, char 38'],
])('CREATE DATABASE and RETENTION POLICY: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})
