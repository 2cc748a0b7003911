import { expect, test } from 'vitest'
import { classOf } from './influxdb-classes.ts'

const influxql = (q: string, more: Record<string, string> = {}) =>
  classOf({
    path: '/query',
    query: String(new URLSearchParams({ db: 'warren', q, ...more })),
    body: '',
  })
const flux = (query: string) =>
  classOf({ path: '/api/v2/query', query: 'org=o', body: JSON.stringify({ query, type: 'flux' }) })

const range = 'time >= 1785542400000ms and time <= 1785564000000ms'

test.each([
  [influxql(`SELECT mean("a") FROM "cpu" WHERE ${range} GROUP BY time(30s)`), 'compared'],
  [influxql(`SELECT mean("a") FROM "warren"."autogen"."cpu"`), 'compared'],
  [influxql(`SELECT "v" FROM "5m"."cpu" WHERE "h" = 'DROP TABLE; --'`), 'compared'],
  [influxql('SELECT mean("broken" quote") FROM "cpu"'), 'compared'],
  [influxql('SELECT "a" FROM "other".."cpu"'), 'refused'],
  [influxql('SHOW TAG KEYS ON "other"'), 'refused'],
  [influxql('SELECT "a" FROM "year"."cpu"'), 'refused'],
  [influxql('SELECT "a" FROM "cpu"', { rp: 'year' }), 'refused'],
  [influxql('SELECT "a" FROM "cpu"', { u: 'x', p: 'y' }), 'refused'],
  [influxql('SELECT "a" INTO "b" FROM "cpu"'), 'refused'],
  [influxql('SELECT "a" FROM "cpu"; drop measurement cpu'), 'refused'],
  [influxql('SHOW STATS'), 'refused'],
  [influxql(`SELECT mean("a") FROM "cpu" WHERE ${range} GROUP BY time(1ms)`), 'refused'],
  [influxql('show databases'), 'rebuilt'],
  [classOf({ path: '/write', query: '', body: '' }), 'refused'],
  [flux('from(bucket: "warren") |> range(start: -1h)'), 'rebuilt'],
  [flux('import "array"\narray.from(rows: [{a: 1}])'), 'rebuilt'],
  [flux('import "http"\nhttp.get(url: "x")'), 'refused'],
  [flux('from(bucket: "warren") |> range(start: -1h) |> to(bucket: "b")'), 'refused'],
  [flux('from(bucket: "warren"'), 'refused'],
])('$when', (found, kind) => {
  expect(found).toMatchObject({ kind })
})
