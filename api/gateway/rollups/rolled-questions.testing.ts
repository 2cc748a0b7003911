export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
export const midnightMs = Math.floor(Date.now() / dayMs) * dayMs
/** Four hours from a noon: days that have left after `leave`, and days that stay. A week apart: InfluxDB may have begun with shards of weeks, from a Monday on, which leave as a whole. */
export const [oldDays, youngDays] = [[8], [1]]

/** Eight days to the last midnight, which all windows here divide. */
export const whole = `time >= ${midnightMs - 8 * dayMs}ms AND time < ${midnightMs}ms`
const steps = 'GROUP BY time(1h)'

export const sixHours = `SELECT mean(v) FROM cpu WHERE ${whole} GROUP BY time(6h), host`
export const young =
  'SELECT median(v) FROM cpu WHERE time >= now() - 3d GROUP BY time(1m) fill(none)'

/** What is answered as if no point had left, and from which rollup. */
export const served: readonly (readonly [string, '5m' | '1h'])[] = [
  [sixHours, '1h'],
  [`SELECT max(v), min("w x") FROM cpu WHERE ${whole} ${steps}, host fill(none)`, '5m'],
  [`SELECT count(v), sum(v) AS total FROM cpu WHERE ${whole} ${steps}, host`, '5m'],
  [`SELECT count(v) FROM cpu WHERE ${whole} GROUP BY time(6h) fill(0)`, '1h'],
  [
    `SELECT mean(v), mean("w x"), last(v) FROM cpu WHERE ${whole} GROUP BY time(20m) fill(none)`,
    '5m',
  ],
  [`SELECT last(note), last(ok) FROM cpu WHERE ${whole} ${steps}, host`, '5m'],
  [`SELECT mean(v) * -2 + 100 FROM cpu WHERE ${whole} ${steps} fill(none)`, '5m'],
  [`SELECT sum(v) / 4 AS part FROM cpu WHERE ${whole} GROUP BY time(1d), host fill(none)`, '1h'],
  [`SELECT mean(v) FROM cpu WHERE ${whole} ${steps}, host fill(previous)`, '5m'],
  [`SELECT max(v), count(v) FROM cpu WHERE ${whole} ${steps}, host fill(linear)`, '5m'],
  [`SELECT max(v) FROM cpu WHERE ${whole} ${steps}, host fill(7)`, '5m'],
  [
    `SELECT max(v) FROM cpu WHERE ${whole} ${steps}, host fill(none) ORDER BY time DESC LIMIT 5`,
    '5m',
  ],
  [`SELECT max(v) FROM cpu WHERE ${whole} ${steps}, host fill(none) LIMIT 3 OFFSET 2`, '5m'],
  [`SELECT max(v) FROM cpu WHERE ${whole} ${steps}, host fill(none) SLIMIT 1`, '5m'],
  [
    `SELECT sum(v) FROM cpu WHERE ${whole} GROUP BY time(1d), host fill(none) tz('Europe/Berlin')`,
    '1h',
  ],
  [`SELECT sum(v) FROM cpu WHERE ${whole} GROUP BY time(1h, 15m), host fill(none)`, '5m'],
  [`SELECT sum(v) FROM cpu WHERE ${whole} AND host = 'of_old' GROUP BY time(1d)`, '1h'],
  [
    `SELECT sum(v) FROM cpu WHERE ${whole} AND (host =~ /both|old/ OR host = 'x') ${steps}, host`,
    '5m',
  ],
]

/** What rollups cannot answer, and the words that say so. */
export const refused: readonly (readonly [string, string])[] = [
  [`SELECT median(v) FROM cpu WHERE ${whole} ${steps}`, 'median(v)'],
  [`SELECT v FROM cpu WHERE ${whole}`, 'do not answer v;'],
  [`SELECT * FROM cpu WHERE ${whole}`, 'do not answer *;'],
  [`SELECT mean(v) FROM cpu WHERE ${whole}`, 'what is not grouped by time'],
  [`SELECT mean(v) FROM cpu WHERE ${whole} GROUP BY time(1m)`, 'windows of that length'],
  [`SELECT mean(v) FROM cpu WHERE ${whole} GROUP BY time(1h, 90s)`, 'windows of that length'],
  [`SELECT mean(/v|w/) FROM cpu WHERE ${whole} ${steps}`, 'mean(/v|w/)'],
  [`SELECT mean(v) FROM cpu WHERE ${whole} ${steps}, *`, 'tags that are not named'],
  [`SELECT mean(v) FROM /cp/ WHERE ${whole} ${steps}`, 'a regular expression'],
  [`SELECT mean(v) FROM cpu, mem WHERE ${whole} ${steps}`, 'several measurements'],
  [
    `SELECT max(m) FROM (SELECT mean(v) AS m FROM cpu WHERE ${whole} ${steps}) ${steps}`,
    'a subquery',
  ],
  [`SELECT derivative(mean(v), 1h) FROM cpu WHERE ${whole} ${steps}`, 'derivative('],
  [`SELECT count(note) FROM cpu WHERE ${whole} ${steps}`, 'count(note) of what is no number'],
  [`SELECT mean(v) FROM cpu WHERE ${whole} AND note = 'n1' ${steps}`, 'the field note'],
  [`SELECT mean(v) FROM cpu WHERE ${whole} AND v > 3 ${steps}`, 'the field v'],
  [`SHOW MEASUREMENTS; SELECT median(v) FROM cpu WHERE ${whole} ${steps}`, 'median(v)'],
]

/** What has nothing that is older, does not ask for it, or asks for what there is. */
export const passed: readonly string[] = [
  `SELECT median(v) FROM mem WHERE ${whole} ${steps}`,
  `SELECT mean(v) FROM mem WHERE ${whole} GROUP BY time(1m), host fill(none)`,
  `SELECT nothing FROM cpu WHERE ${whole}`,
  `SELECT v FROM cpu WHERE ${whole} AND host = 'nobody' AND time > ${midnightMs - 2 * dayMs}ms`,
  'SELECT last(v) FROM cpu',
  'SELECT last(v) FROM cpu WHERE time > 0',
  young,
  'SHOW TAG VALUES FROM cpu WITH KEY = host',
]
