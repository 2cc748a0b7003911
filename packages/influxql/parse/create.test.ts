import { expect, test } from 'vitest'
import { outcomeOf } from '../parse.testing.ts'

// Each answer is that of the reference parser, github.com/influxdata/influxql 1.4.1.

test.each([
  [
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT count(v) INTO x FROM y GROUP BY time(0s) END',
    'found ), expected GROUP BY time(...) at line 1, char 84',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT count(v) INTO x FROM y GROUP BY host END',
    'found host, expected GROUP BY time(...) at line 1, char 77',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT count(v) INTO x FROM "y"END',
    'found y, expected GROUP BY time(...) at line 1, char 66',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT 1 + abs(v) INTO x FROM y',
    'found y, expected GROUP BY time(...) at line 1, char 68',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT count(v) INTO x FROM y/**/ END',
    'found END, expected GROUP BY time(...) at line 1, char 72',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT count(v) INTO x FROM y GROUP BY time(0s)END',
    'found 0s, expected GROUP BY time(...) at line 1, char 82',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT count(v) INTO x FROM y GROUP BY time() END',
    'found ), expected GROUP BY time(...), time dimension expected 1 or 2 arguments at line 1, char 82',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT count(v) INTO x FROM y GROUP BY time(5) END',
    'found ), expected GROUP BY time(...), time dimension must have duration argument at line 1, char 83',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT v INTO x FROM y GROUP BY time() END',
    'time dimension expected 1 or 2 arguments',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT v INTO x FROM y END',
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT v INTO x FROM y END',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d RESAMPLE EVERY 0s BEGIN SELECT count(v) INTO x FROM y GROUP BY time(1m) END',
    'found BEGIN, expected EVERY, FOR at line 1, char 50',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d RESAMPLE BEGIN',
    'found BEGIN, expected EVERY, FOR at line 1, char 41',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d RESAMPLE EVERY INF',
    'found INF, expected duration at line 1, char 47',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d RESAMPLE EVERY 0s FOR 1h BEGIN SELECT count(v) INTO x FROM y GROUP BY time(1m) END',
    'CREATE CONTINUOUS QUERY c ON d RESAMPLE FOR 1h BEGIN SELECT count(v) INTO x FROM y GROUP BY time(1m) END',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d RESAMPLE EVERY 1m FOR 30s BEGIN SELECT v INTO x FROM y END',
    'FOR duration must be >= GROUP BY time duration: must be a minimum of 1m, got 30s',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d RESAMPLE EVERY 1m FOR 0s BEGIN SELECT v INTO x FROM y END',
    'CREATE CONTINUOUS QUERY c ON d RESAMPLE EVERY 1m BEGIN SELECT v INTO x FROM y END',
  ],
  [
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT distinct v INTO x FROM y END',
    'CREATE CONTINUOUS QUERY c ON d BEGIN SELECT DISTINCT v INTO x FROM y END',
  ],
])('CREATE CONTINUOUS QUERY: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})
