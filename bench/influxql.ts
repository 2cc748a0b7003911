import { parseQuery } from '@warren/influxql/parse'
import { printStatement } from '@warren/influxql/print'
import { scopeStatement } from '@warren/influxql/scope'
import type { Bench, Measured } from './bench.ts'

const scope = { database: 'warren', tenant: 'acme' }

/** As Grafana's editor writes them: each refresh another range. */
const shapes: readonly ((range: string) => string)[] = [
  (range) => `SELECT mean("usage_user") FROM "cpu" WHERE ${range} GROUP BY time(30s) fill(null)`,
  (range) =>
    `SELECT mean("usage_user") FROM "cpu" WHERE ("host" = 'server1' OR "host" = 'server2') AND ${range} GROUP BY time(30s), "host" fill(null)`,
  (range) =>
    `SELECT max("usage_user"::field) / 100 AS "u", mean("usage_system") FROM "autogen"."cpu" WHERE ("host"::tag =~ /^(server1|server2|server3)$/) AND ${range} GROUP BY time(1m), "host"::tag fill(linear) ORDER BY time DESC limit 1000 slimit 20 tz('Europe/Berlin')`,
  (range) =>
    `SELECT max("m") FROM (SELECT mean("usage_user") AS "m" FROM "cpu" WHERE ${range} GROUP BY time(1m), "host") WHERE ${range} GROUP BY time(10m), "host"`,
  (range) =>
    `SELECT non_negative_derivative(mean("bytes_recv"), 10s) FROM "net" WHERE "interface" != 'lo' AND ${range} GROUP BY time(30s), "host" fill(none)`,
  (range) => `SELECT last("used") FROM "mem" WHERE ${range} GROUP BY "host"`,
  (range) => `SELECT "message" FROM "syslog" WHERE ${range} ORDER BY time DESC limit 1000`,
  () => `SHOW TAG VALUES FROM "cpu" WITH KEY = "host" WHERE "region" =~ /^eu$/`,
]

const userSeconds = (): number => process.cpuUsage().user / 1e6

/** Characters that were printed, so that nothing is left out. */
function round(fromMs: number): number {
  const range = `time >= ${fromMs}ms and time <= ${fromMs + 21_600_000}ms`
  let characters = 0
  for (const shape of shapes)
    for (const statement of parseQuery(shape(range)))
      characters += printStatement(scopeStatement(statement, scope)).length
  return characters
}

async function run(items: number): Promise<Measured> {
  const startMs = 1_785_542_400_000
  for (let at = 0; at < 3000; at++) round(startMs + at)
  const before = userSeconds()
  let characters = 0
  let queries = 0
  for (; queries < items; queries += shapes.length) characters += round(startMs + queries * 5000)
  const value = Math.round(queries / (userSeconds() - before))
  return {
    value,
    unit: 'queries/CPU-s',
    mark: '≥ 50,000 dashboard queries a second and core',
    holds: value >= 50_000,
    details: { queries, charactersEach: Math.round(characters / queries) },
  }
}

export const influxql: Bench = {
  about: 'dashboard queries of InfluxQL that one CPU-second parses, scopes and prints',
  run: ({ items = 400_000 }) => run(items),
}
