import { parseQuery } from '@warren/influxql/parse'
import { printStatement } from '@warren/influxql/print'
import { scopeStatement } from '@warren/influxql/scope'
import { expect, test } from 'vitest'
import {
  lineOf,
  newTenant,
  noon,
  type ReadContext,
  second,
} from './metric-store.context.contract.ts'

const points = [
  ['m', { host: 'a', region: 'eu' }, { v: 1, w: 2 }, 0n],
  ['m', { host: 'b' }, { v: 3, s: 'x' }, 0n],
  ['m', { host: 'a', region: 'eu' }, { v: 5, w: 4 }, 70n],
  ['m', { host: 'c' }, { v: 4 }, 80n],
  ['n', { zone: 'z' }, { v: 7 }, 80n],
  // The last: behind a measurement without tags, 1.6.7 takes OFFSET for none.
  ['untagged', {}, { v: 1 }, 0n],
] as const

const lines = (more: Readonly<Record<string, string>>) =>
  points.map(([measurement, tags, fields, seconds]) =>
    lineOf({ measurement, tags: { ...tags, ...more }, fields, timeNs: noon + seconds * second }),
  )

const range = `time >= ${noon} AND time < ${noon + 120n * second}`

/** Each is answered as by a store that has no such tag. `$t` is a range. */
const texts = [
  // Columns that the caller calls so.
  'SELECT v AS tenant FROM m',
  'SELECT mean(v) AS tenant FROM m',
  'SELECT mean(v) AS tenant, max(v) FROM m WHERE $t GROUP BY time(1m), host',
  'SELECT v AS tenant, w AS tenant FROM m GROUP BY *',
  'SELECT time AS tenant, v FROM m',
  'SELECT *, v AS tenant FROM m',
  'SELECT *::tag, v AS tenant FROM m',
  'SELECT v AS tenant, * FROM m GROUP BY host',
  // All that there is.
  'SELECT * FROM m',
  'SELECT * FROM m, n',
  'SELECT * FROM /./ ORDER BY time DESC',
  'SELECT * FROM m LIMIT 2 OFFSET 1',
  'SELECT *::tag, v FROM m',
  'SELECT *::field FROM m',
  'SELECT /ten|v|host/ FROM m',
  'SELECT /ten/ FROM m',
  'SELECT * FROM m GROUP BY *',
  'SELECT * FROM m GROUP BY host',
  'SELECT * FROM m GROUP BY /ten/',
  'SELECT * FROM m GROUP BY /ten|ho/',
  'SELECT mean(*) FROM m',
  'SELECT max(/./) FROM m GROUP BY *',
  'SELECT sum(v) FROM m GROUP BY /ten/',
  'SELECT sum(v) FROM m WHERE $t GROUP BY time(1m), * SLIMIT 1 SOFFSET 1',
  // The tag by its name.
  'SELECT tenant FROM m',
  'SELECT v, tenant FROM m',
  'SELECT v, tenant, tenant FROM m',
  'SELECT tenant, v AS tenant FROM m',
  'SELECT v, tenant::tag FROM m',
  'SELECT v, tenant::field FROM m',
  'SELECT v, tenant::string FROM m',
  'SELECT v, tenant AS t FROM m GROUP BY host',
  'SELECT v + tenant FROM m',
  'SELECT *, tenant FROM m',
  'SELECT mean(tenant) FROM m',
  'SELECT mean(v), mean(tenant) FROM m',
  'SELECT count(tenant) FROM m',
  'SELECT DISTINCT tenant FROM m',
  'SELECT first(v), tenant FROM m',
  'SELECT top(v, tenant, 3) FROM m',
  'SELECT top(v, host, tenant, 3) FROM m',
  'SELECT bottom(v, host, 2), tenant FROM m',
  // Queries within.
  'SELECT * FROM (SELECT * FROM m)',
  'SELECT * FROM (SELECT v FROM m GROUP BY *)',
  'SELECT * FROM (SELECT mean(v) FROM m GROUP BY *) GROUP BY *',
  'SELECT * FROM (SELECT mean(v) AS tenant FROM m GROUP BY *)',
  'SELECT * FROM (SELECT v AS tenant FROM m)',
  'SELECT * FROM (SELECT v AS tenant, * FROM m)',
  'SELECT tenant FROM (SELECT v AS tenant FROM m)',
  'SELECT tenant FROM (SELECT v AS tenant FROM m GROUP BY *)',
  'SELECT mean(tenant) FROM (SELECT v AS tenant FROM m GROUP BY *)',
  'SELECT mean(tenant) AS tenant FROM (SELECT v AS tenant FROM m) WHERE $t GROUP BY time(1m), host',
  'SELECT tenant * 2 FROM (SELECT v AS tenant FROM m) WHERE tenant > 2',
  'SELECT max(tenant) FROM (SELECT * FROM (SELECT v AS tenant FROM m))',
  'SELECT max(tenant) FROM (SELECT /ten/ FROM (SELECT v AS tenant FROM m GROUP BY *))',
  'SELECT v, tenant FROM (SELECT v FROM m GROUP BY *)',
  'SELECT v, tenant::tag FROM (SELECT v FROM m GROUP BY *)',
  "SELECT v FROM (SELECT v FROM m GROUP BY *) WHERE tenant = 'x'",
  "SELECT v FROM (SELECT v FROM m GROUP BY *) WHERE tenant = ''",
  "SELECT v FROM (SELECT v FROM m GROUP BY *) WHERE tenant != 'x'",
  'SELECT v FROM (SELECT v FROM m GROUP BY *) WHERE tenant =~ /./',
  'SELECT tenant FROM (SELECT v, tenant FROM m)',
  // Keys.
  'SHOW TAG KEYS',
  'SHOW TAG KEYS LIMIT 1',
  'SHOW TAG KEYS LIMIT 2',
  'SHOW TAG KEYS OFFSET 1',
  'SHOW TAG KEYS LIMIT 1 OFFSET 1',
  'SHOW TAG KEYS FROM n LIMIT 1',
  "SHOW TAG KEYS WHERE zone = 'z' LIMIT 1",
  'SHOW TAG VALUES WITH KEY = tenant',
  'SHOW TAG VALUES WITH KEY = host LIMIT 1',
  'SHOW TAG VALUES WITH KEY IN (tenant, zone) LIMIT 1',
  'SHOW TAG VALUES WITH KEY =~ /ten/',
  'SHOW TAG VALUES WITH KEY =~ /./ LIMIT 2',
  'SHOW TAG VALUES WITH KEY =~ /ten|zo/ LIMIT 1',
  'SHOW TAG VALUES WITH KEY =~ /./ LIMIT 2 OFFSET 2',
  'SHOW TAG VALUES WITH KEY != host LIMIT 1',
  'SHOW TAG VALUES WITH KEY !~ /ho/ OFFSET 1',
  'SHOW SERIES',
  'SHOW SERIES LIMIT 2 OFFSET 1',
  'SHOW TAG KEY CARDINALITY',
]

/** A tag that every series of a tenant has, hidden. */
export function hiddenTag({ write, ask }: ReadContext): void {
  const hidden = new Set(['tenant'])

  async function fill() {
    const [own, without] = [newTenant(), newTenant()]
    await write(own, ...lines({ tenant: own }))
    await write(without, ...lines({}))
    return { own, without }
  }
  let filled: ReturnType<typeof fill> | undefined

  test.each(texts)('%s is answered as if no series had the hidden tag', async (template) => {
    const text = template.replace('$t', range)
    filled ??= fill()
    const { own, without } = await filled
    const scope = { database: 'warren', tenant: own }
    const scoped = parseQuery(text).map((each) => printStatement(scopeStatement(each, scope)))
    const answer = await ask(own, scoped.join(';'), hidden)
    expect(answer).toEqual(await ask(without, text))
  })

  test('conditions of measurements name it, and rows grouped by it have no tag of it', async () => {
    const { own } = await fill()
    const rowsOf = async (text: string) => (await ask(own, text, hidden))[0]?.series
    expect(await rowsOf(`SELECT count(v) FROM m WHERE tenant = '${own}'`)).toMatchObject([
      { values: [[expect.anything(), 4]] },
    ])
    expect(await rowsOf("SELECT count(v) FROM m WHERE tenant = 'other'")).toBeUndefined()
    const [grouped, ...others] = (await rowsOf('SELECT count(v) FROM m GROUP BY tenant')) ?? []
    expect(others).toEqual([])
    expect(grouped).not.toHaveProperty('tags')
  })
}
