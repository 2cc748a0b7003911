import fc from 'fast-check'
import { liveRange } from './panel-statements.ts'
import { join, maybe, several } from './text-parts.ts'
import { endMs, startMs } from './times.ts'

const one = fc.constantFrom

const numeric = one('usage', 'idle', '"usage"', 'usage::float', 'idle')
const anyField = one(
  'usage',
  'idle',
  'state',
  'up',
  '*',
  '*::field',
  '*::tag',
  '/^u/',
  'host',
  'region',
  'tenant',
  '"tenant"::tag',
  'time',
)
const aggregate = one(
  ...[
    'mean',
    'sum',
    'count',
    'min',
    'max',
    'first',
    'last',
    'median',
    'mode',
    'spread',
    'stddev',
    'distinct',
    'integral',
  ],
)
const call = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.tuple(aggregate, numeric).map(([name, field]) => `${name}(${field})`),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(aggregate, one('*', '/u/', 'state', 'up'))
      .map(([name, field]) => `${name}(${field})`),
  },
  {
    weight: 4,
    arbitrary: one(
      'percentile(usage, 90)',
      'top(usage, 2)',
      'top(usage, host, 2)',
      'bottom(idle, 3)',
    ),
  },
  {
    weight: 4,
    arbitrary: one(
      'derivative(mean(usage), 1m)',
      'non_negative_difference(last(idle))',
      'cumulative_sum(sum(usage))',
      'moving_average(mean(usage), 2)',
    ),
  },
  {
    weight: 4,
    arbitrary: one('mean(usage) / 100 AS pct', 'sum(usage) + sum(idle)', 'abs(mean(usage)) AS x'),
  },
  // Names that are tags of one and fields of another.
  {
    weight: 1,
    arbitrary: one(
      ...['mean(host)', 'max(region)', 'last(host)', 'last(host) + mean(usage)'],
      ...['max(up::boolean)', 'count(region) + sum(usage)'],
      ...['median(host::string)', 'stddev(rack::tag)', 'last(up::boolean) % count(region)'],
    ),
  },
)

/** Mostly of values that the tag has: most of what is asked is to have rows. */
const tagCondition = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(one('host', '"host"', 'host::tag'), one('=', '!='), one("'a'", "'b'", "'c 1'", "''"))
      .map((parts) => parts.join(' ')),
  },
  {
    weight: 2,
    arbitrary: one("region = 'eu'", "region = 'us'", "region != 'us'", "region = 'b'"),
  },
  {
    weight: 3,
    arbitrary: one(
      ...['host =~ /a|b/', 'host =~ /^[ac]/', 'region =~ /^e/', 'deployment =~ /^s/'],
      ...['host =~ /.*/', 'host !~ /^e/', 'region !~ /a|b/', 'deployment !~ /^$/'],
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        one('host', 'region', 'deployment'),
        one('=~', '!~'),
        one('/a|b/', '/^e/', '/.*/', '/^$/'),
      )
      .map((parts) => parts.join(' ')),
  },
)
const fieldCondition = one(
  'usage > 10',
  'idle <= 90.5',
  "state = 's1'",
  'up = true',
  'usage > 3 * 2',
  'state =~ /s[12]/',
  ...["state::field = 's1'", 'host > 1', 'usage > idle', 'usage >= 0', 'idle > 0', 'up = false'],
)
const condition = fc.oneof(
  { weight: 4, arbitrary: tagCondition },
  { weight: 1, arbitrary: fieldCondition },
  { weight: 1, arbitrary: several(fc.oneof(tagCondition, fieldCondition), 3, ' AND ') },
  {
    weight: 1,
    arbitrary: several(fc.oneof(tagCondition, fieldCondition), 3, ' OR ').map(
      (text) => `(${text})`,
    ),
  },
)

const minute = 60_000
const pastRange = fc
  .tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 60 }), one('ms', 'ns', 'rfc'))
  .map(([from, length, form]) => {
    const [low, high] = [startMs + from * minute, startMs + (from + length) * minute]
    if (form === 'rfc')
      return `time >= '${new Date(low).toISOString()}' AND time < '${new Date(high).toISOString()}'`
    return form === 'ms'
      ? `time >= ${low}ms and time <= ${high}ms`
      : `time > ${low}000000 AND time < ${high}000000`
  })
const timeRange = fc.oneof({ weight: 4, arbitrary: pastRange }, { weight: 1, arbitrary: liveRange })
const always = `time >= ${startMs}ms AND time <= ${endMs}ms`

const where = fc.oneof(
  { weight: 4, arbitrary: timeRange },
  {
    weight: 3,
    arbitrary: fc.tuple(condition, timeRange).map(([text, range]) => `${text} AND ${range}`),
  },
  { weight: 1, arbitrary: condition.map((text) => `${always} AND ${text}`) },
)

const source = fc.oneof(
  { weight: 12, arbitrary: one('cpu', '"cpu"') },
  {
    weight: 2,
    arbitrary: one(
      '"autogen"."cpu"',
      '"warren"."autogen"."cpu"',
      'warren..cpu',
      '/^c/',
      '/.*/',
      'cpu, mem',
    ),
  },
  {
    weight: 1,
    arbitrary: one(
      '(SELECT usage, idle FROM cpu)',
      '(SELECT mean(usage) AS usage FROM cpu GROUP BY host)',
      '(SELECT * FROM /.*/)',
      '(SELECT usage, host, state FROM cpu)',
      '(SELECT last(host) AS idle, max(usage) AS usage FROM cpu GROUP BY time(5m), region)',
      '(SELECT count(region) AS usage, last(host) AS idle FROM cpu GROUP BY time(10m), host fill(0))',
      '(SELECT first(up::boolean) AS up, first(usage) FROM cpu, mem GROUP BY time(5m) fill(previous))',
    ),
  },
)

const tags = one('host', 'region', 'host, region', '*', '/h/', '"host"', 'tenant')
const interval = one('1m', '5m', '10m', '90s', '1h', '10m, 1m')
const fill = one(
  '',
  '',
  ' fill(none)',
  ' fill(0)',
  ' fill(previous)',
  ' fill(linear)',
  ' fill(null)',
)
const grouped = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(interval, fill)
      .map(([every, filled]) => `GROUP BY time(${every})${filled}`),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(interval, tags, fill)
      .map(([every, by, filled]) => `GROUP BY time(${every}), ${by}${filled}`),
  },
  { weight: 1, arbitrary: tags.map((by) => `GROUP BY ${by}`) },
)
const ending = join(
  ' ',
  maybe(one('ORDER BY time ASC', 'ORDER BY time DESC'), 0.2),
  maybe(one('LIMIT 3', 'LIMIT 10', 'LIMIT 2 OFFSET 1'), 0.3),
  maybe(one('SLIMIT 1', 'SLIMIT 2 SOFFSET 1'), 0.1),
  maybe(one("tz('Europe/Paris')"), 0.05),
)

const aggregated = join(
  ' ',
  fc.constant('SELECT'),
  several(call, 2),
  fc.constant('FROM'),
  source,
  where.map((text) => `WHERE ${text}`),
  grouped,
  ending,
)
const raw = join(
  ' ',
  fc.constant('SELECT'),
  several(fc.oneof(numeric, anyField), 3),
  fc.constant('FROM'),
  source,
  where.map((text) => `WHERE ${text}`),
  maybe(
    tags.map((by) => `GROUP BY ${by}`),
    0.3,
  ),
  ending,
)

const from = maybe(one('FROM cpu', 'FROM "autogen"."cpu"', 'FROM /.*/', 'FROM mem'), 0.6)
const showWhere = maybe(
  fc.oneof(tagCondition, one('time > now() - 3000d')).map((text) => `WHERE ${text}`),
  0.3,
)
const show = fc.oneof(
  join(
    ' ',
    one(
      'SHOW MEASUREMENTS',
      'SHOW MEASUREMENTS ON warren',
      'SHOW MEASUREMENTS WITH MEASUREMENT =~ /.*/',
    ),
    showWhere,
    maybe(one('LIMIT 100', 'LIMIT 1')),
  ),
  join(' ', fc.constant('SHOW FIELD KEYS'), from),
  join(' ', fc.constant('SHOW TAG KEYS'), from, showWhere),
  join(
    ' ',
    fc.constant('SHOW TAG VALUES'),
    from,
    one(
      'WITH KEY = host',
      'WITH KEY = "region"',
      'WITH KEY IN (host, region)',
      'WITH KEY =~ /.*/',
      'WITH KEY = tenant',
    ),
    showWhere,
  ),
  join(' ', fc.constant('SHOW SERIES'), from, showWhere, maybe(fc.constant('LIMIT 5'))),
  one('SHOW DATABASES', 'SHOW RETENTION POLICIES', 'SHOW RETENTION POLICIES ON warren'),
)

/** Statements as a dashboard, its editor and Explore make them, of the reader's own data. */
export const soundStatement = fc.oneof(
  { weight: 6, arbitrary: aggregated },
  { weight: 3, arbitrary: raw },
  { weight: 2, arbitrary: show },
)
