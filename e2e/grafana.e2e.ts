import { readdirSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from './client.ts'
import { type Platform, startPlatform } from './platform.ts'
import { makeSender, publishAll } from './publisher.ts'

interface Panel {
  readonly title: string
  readonly type: string
  readonly targets?: readonly { readonly query: string; readonly rawQuery?: boolean }[]
}

const folder = join(import.meta.dirname, '..', 'dashboards', 'grafana', 'generated', 'dashboards')

const panels = readdirSync(folder).flatMap((file) => {
  const dashboard = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { panels: Panel[] }
  return dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ query, rawQuery }) => ({ name: `${file} ${title}`, query, rawQuery })),
  )
})

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
  const url = await makeSender(platform.client, 'grafana-test')
  const record = {
    '@timestamp': new Date().toISOString(),
    message: 'seen',
    'log.level': 'info',
    'host.name': hostname(),
  }
  await publishAll(url, [
    {
      exchange: 'warren.logs',
      key: 'default.-.x',
      body: Buffer.from(`${JSON.stringify(record)}\n`),
    },
  ])
  // A rate needs readings in two of its buckets.
  await eventually(async () => {
    const text = 'SELECT count(context_switches) FROM kernel WHERE time > now() - 5m'
    const [series] = await platform.client.query(`${text} GROUP BY time(10s) fill(none)`)
    return (series?.values.length ?? 0) >= 2 ? true : undefined
  }, 60_000)
})
afterAll(() => platform?.close())

const toMs = () => Date.now()

const filled = (query: string): string =>
  query
    .replaceAll('$timeFilter', `time >= ${toMs() - 900_000}ms and time <= ${toMs()}ms`)
    .replaceAll('$__interval', '10s')
    .replaceAll('/^$host$/', `/^(${hostname()})$/`)

/** Hosts without swap or a block device of their own have no such series. */
const optional = /Swap|Throughput|Operations/

it.each(panels.filter(({ rawQuery }) => rawQuery === true))(
  '$name has data',
  async ({ name, query }) => {
    const series = await platform.client.query(filled(query))
    if (!optional.test(name)) expect(series.length).toBeGreaterThan(0)
    const numbers = series.flatMap(({ values }) => values.flatMap((row) => row.slice(1)))
    if (series.length > 0) expect(numbers.some((value) => typeof value === 'number')).toBe(true)
  },
)

it.each(panels.filter(({ rawQuery }) => rawQuery !== true))(
  '$name has records',
  async ({ query }) => {
    const text = query.replaceAll('$host', hostname()).replaceAll('$search', '*')
    const found = await eventually(async () => {
      const answer = await platform.client.search({
        size: 500,
        query: { bool: { filter: [{ query_string: { analyze_wildcard: true, query: text } }] } },
      })
      return answer.hits.total.value > 0 ? answer : undefined
    }, 15_000)
    expect(found.hits.hits[0]?._source['message']).toBe('seen')
  },
)
