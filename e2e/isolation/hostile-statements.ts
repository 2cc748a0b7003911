import fc from 'fast-check'
import { canary, reader, stranger } from './data.ts'

const one = fc.constantFrom

/** What somebody would type who is after the stranger's data, or learns whether there is any. */
export const hostileStatement = fc.oneof(
  one(
    ...[
      `SELECT * FROM warren_${stranger}..cpu`,
      `SELECT * FROM "warren_${stranger}"."autogen"./.*/`,
      'SELECT * FROM _internal.."database"',
    ],
    ...[
      `SHOW MEASUREMENTS ON warren_${stranger}`,
      'SHOW MEASUREMENTS ON *.*',
      `SHOW TAG VALUES FROM warren_${stranger}..cpu WITH KEY = host`,
    ],
    ...[
      `SHOW FIELD KEYS FROM warren_${stranger}..cpu`,
      'SHOW QUERIES',
      'SHOW STATS',
      'SHOW DIAGNOSTICS',
      'SHOW SHARDS',
      'SHOW USERS',
      'SHOW SUBSCRIPTIONS',
      'SHOW CONTINUOUS QUERIES',
    ],
    ...[
      'SHOW SERIES CARDINALITY',
      'SHOW SERIES EXACT CARDINALITY',
      'SHOW MEASUREMENT CARDINALITY',
      'SHOW TAG KEY CARDINALITY',
      'SHOW TAG VALUES CARDINALITY WITH KEY = host',
      'SHOW FIELD KEY CARDINALITY',
    ],
    ...[
      `SELECT * INTO ${canary} FROM cpu`,
      `SELECT usage INTO warren_${stranger}..cpu FROM cpu`,
      'DROP MEASUREMENT cpu',
      `DROP DATABASE warren_${stranger}`,
      `CREATE DATABASE ${canary}`,
    ],
    ...[
      'EXPLAIN SELECT usage FROM cpu',
      'EXPLAIN ANALYZE SELECT usage FROM cpu',
      'DELETE FROM cpu',
      `GRANT ALL ON warren_${stranger} TO ${reader}`,
      'KILL QUERY 1',
    ],
    ...[
      `SELECT * FROM ${canary}_measurement`,
      `SELECT ${canary}_field FROM cpu`,
      'SELECT region FROM host',
      'SELECT usage::tag FROM cpu',
      'SELECT "value"::tag, value FROM "odd name"',
    ],
    ...[
      `SHOW TAG VALUES WITH KEY = "${canary}_tag"`,
      `SHOW TAG VALUES WITH KEY = usage`,
      `SHOW FIELD KEYS FROM host`,
      'SHOW TAG KEYS FROM /host|canary/',
    ],
  ),
  fc
    .tuple(
      one('usage', '*', 'mean(usage)', 'count(*)'),
      one(
        `tenant = '${stranger}'`,
        `"tenant"::tag = '${stranger}'`,
        'tenant =~ /.*/',
        `tenant = '${reader}' OR tenant = '${stranger}'`,
        "tenant != ''",
        `host = 'a' OR tenant = '${stranger}'`,
        `(true) OR tenant = '${stranger}'`,
        `time > 0 OR tenant = '${stranger}'`,
        'time + 1h > now()',
        `time + 1h > 0 OR tenant = '${stranger}'`,
        `host = '${canary}_host'`,
        `usage = '${canary}1'`,
        'tenant::field = 1',
      ),
    )
    .map(([field, text]) => `SELECT ${field} FROM cpu WHERE ${text}`),
)
