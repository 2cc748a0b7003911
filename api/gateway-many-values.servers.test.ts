import { createLog } from '@warren/platform/log'
import { elasticsearch } from '@warren/stores/logs/elasticsearch'
import type { LogStore } from '@warren/stores/logs/log-store'
import { idOf, toBatch } from '@warren/stores/logs/testing'
import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApi, startApi } from './serve.ts'
import { apiSettingsSchema } from './settings.ts'
import { openTestApi, type TestApi } from './testing.ts'

/** What a variable has that is set to All. */
const count = 10_000
const hosts = Array.from({ length: count }, (_, n) => `web-${n}.eu-west.example.com`)
const atMs = 1_772_582_400_000
/** Below the deadline of a query. */
const mostMs = 15_000

const servers: TestServer[] = []
let test: TestApi
let beforeServers: RunningApi
let external: { readonly metricStore: MetricStore; readonly logStore: LogStore }
let authorization: string
const gateways = ['embedded', 'external'] as const
type Gateway = (typeof gateways)[number]

beforeAll(async () => {
  const influxdb = await startInfluxdb()
  servers.push(influxdb)
  const search = await startElasticsearch()
  servers.push(search)
  external = {
    metricStore: await openInflux1(influxdb.url),
    logStore: await elasticsearch.create(elasticsearch.settings.parse({ url: search.url }), {
      dataDir: '',
    }),
  }
  test = await openTestApi()
  authorization = `Bearer ${await test.tokenOf('viewer')}`
  beforeServers = await startApi({
    ...{ catalog: test.catalog, ...external, parts: () => [], version: '0.0.0' },
    settings: apiSettingsSchema.parse({ port: 0 }),
    ...{ consoleDir: undefined, metrics: new Registry() },
    log: createLog({ service: 'api', level: 'error', pretty: false }),
  })
  for (const { metricStore, logStore } of [test, external]) {
    await metricStore.write(points())
    for (let from = 0; from < count; from += 1000) await logStore.write(records(from, from + 1000))
  }
  await fetch(`${search.url}/logs-warren.*-*/_refresh`, { method: 'POST' })
})
afterAll(async () => {
  await beforeServers?.close()
  await test?.close()
  for (const store of Object.values(external ?? {})) await store.close()
  for (const server of servers) await server.close()
})

function points() {
  const lines = hosts.map((host, n) =>
    Buffer.from(`cpu,host=${host},tenant=default usage=${n} ${atMs}000000\n`),
  )
  const starts = new Uint32Array(lines.length + 1)
  for (const [at, line] of lines.entries()) starts[at + 1] = (starts[at] ?? 0) + line.length
  return { tenant: 'default', bytes: Buffer.concat(lines), starts }
}

const records = (from: number, to: number) =>
  toBatch(
    'default',
    hosts.slice(from, to).map((host) => ({
      ...{ id: idOf(host), message: `hello from ${host}`, 'host.name': host },
      '@timestamp': new Date(atMs).toISOString(),
    })),
  )

const urlOf = (gateway: Gateway): string =>
  gateway === 'embedded' ? test.api.url : beforeServers.url

async function timed(ask: () => Promise<Response>): Promise<string> {
  const startMs = performance.now()
  const response = await ask()
  const text = await response.text()
  expect([response.status, text.slice(0, 300)]).toEqual([200, expect.any(String)])
  expect(performance.now() - startMs).toBeLessThan(mostMs)
  return text
}

/** As the data source asks, with GET unless it is told otherwise. */
function query(gateway: Gateway, q: string, method: 'GET' | 'POST' = 'GET'): Promise<string> {
  const url = `${urlOf(gateway)}/gateway/influxdb/query`
  const address = new URLSearchParams({ db: 'warren', epoch: 'ms' })
  const headers = { authorization }
  if (method === 'POST') {
    const body = new URLSearchParams({ q })
    return timed(() => fetch(`${url}?${address}`, { method, headers, body }))
  }
  address.set('q', q)
  return timed(() => fetch(`${url}?${address}`, { headers }))
}

/** As Grafana writes a variable of several values into a regex. */
const listOf = (values: readonly string[]): string =>
  `(${values.map((value) => value.replaceAll('.', '\\.')).join('|')})`

const range = `time >= ${atMs - 3_600_000}ms and time <= ${atMs + 3_600_000}ms`
const panel = (condition: string): string =>
  `SELECT mean("usage"), count("usage") FROM "cpu" WHERE ${condition} AND ${range} GROUP BY time(1h) fill(none)`

interface Answer {
  readonly results: readonly [
    { readonly series: readonly [{ readonly values: readonly (readonly unknown[])[] }] },
  ]
}

const rowsOf = (text: string): readonly (readonly unknown[])[] =>
  (JSON.parse(text) as Answer).results[0].series[0].values

describe.each(gateways)('ten thousand values of a tag, %s store', (gateway) => {
  it('are listed for a variable and an ad-hoc filter', async () => {
    const rows = rowsOf(await query(gateway, 'SHOW TAG VALUES FROM "cpu" WITH KEY = "host"'))
    expect(rows.map(([, value]) => value).sort()).toEqual([...hosts].sort())
    const typed = 'SHOW TAG VALUES FROM "cpu" WITH KEY = "host" WHERE "host" =~ /web-99\\d\\./'
    expect(rowsOf(await query(gateway, typed))).toHaveLength(10)
  })

  it.each(['GET', 'POST'] as const)('are all compared with by %s', async (method) => {
    const all = `"host"::tag =~ /^${listOf(hosts)}$/`
    expect(rowsOf(await query(gateway, panel(all), method))).toEqual([
      [atMs, (count - 1) / 2, count],
    ])
  })

  it('are all but one compared with, all but some excluded, and each series drawn', async () => {
    const most = `"host"::tag =~ /^${listOf(hosts.slice(1))}$/`
    expect(rowsOf(await query(gateway, panel(most)))).toEqual([[atMs, count / 2, count - 1]])
    const last = `"host"::tag !~ /^${listOf(hosts.slice(0, -3))}$/`
    expect(rowsOf(await query(gateway, panel(last)))).toEqual([[atMs, count - 2, 3]])
    const each = panel(most).replace('time(1h)', 'time(1h), "host"')
    const { results } = JSON.parse(await query(gateway, each, 'POST')) as Answer
    expect(results[0].series).toHaveLength(count - 1)
  })

  it.each(['(?i)^', '^(?i)', '(?i)'])(
    'are all compared with but for their case, after %s',
    async (start) => {
      const texts = hosts.map((host) => host.toUpperCase())
      const all = `"host"::tag =~ /${start}${listOf(texts)}${start === '(?i)' ? '' : '$'}/`
      expect(rowsOf(await query(gateway, panel(all), 'POST'))).toEqual([
        [atMs, (count - 1) / 2, count],
      ])
    },
  )

  it('are compared with where the regex is not bound to the ends', async () => {
    const some = `"host"::tag =~ /${listOf(hosts.slice(0, 5000))}/`
    expect(rowsOf(await query(gateway, panel(some)))).toEqual([[atMs, 2499.5, 5000]])
  })
})

interface Responses {
  readonly responses: readonly {
    readonly error?: object
    readonly hits: { readonly total: { readonly value: number } }
    readonly aggregations: Readonly<Record<string, { readonly buckets: readonly object[] }>>
  }[]
}

async function search(gateway: Gateway, bodies: readonly object[]): Promise<Responses> {
  const lines = bodies.flatMap((body) => [
    { index: 'logs-warren.*', ignore_unavailable: true },
    body,
  ])
  const text = await timed(() =>
    fetch(`${urlOf(gateway)}/gateway/elasticsearch/_msearch`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-ndjson' },
      body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    }),
  )
  const answer = JSON.parse(text) as Responses
  expect(answer.responses.map(({ error }) => error)).toEqual(bodies.map(() => undefined))
  return answer
}

describe.each(gateways)('ten thousand hosts of logs, %s store', (gateway) => {
  const filtered = (query: string) => ({
    bool: {
      filter: [
        { range: { '@timestamp': { gte: atMs - 1, lte: atMs + 1, format: 'epoch_millis' } } },
        { query_string: { analyze_wildcard: true, query } },
      ],
    },
  })

  it('are listed for a variable', async () => {
    const aggs = { 1: { terms: { field: 'host.name', size: count, order: { _key: 'asc' } } } }
    const { responses } = await search(gateway, [{ size: 0, query: filtered('*'), aggs }])
    expect(responses[0]?.aggregations['1']?.buckets).toHaveLength(count)
  })

  it('are all of a query text, as Grafana writes a variable of many values into it', async () => {
    const texts = (some: readonly string[]) => `(${some.map((host) => `"${host}"`).join(' OR ')})`
    const asked = [
      `host.name:${texts(hosts)}`,
      `host.name:${texts(hosts.slice(0, -7))} AND message:hello`,
      `NOT host.name:${texts(hosts.slice(0, -7))}`,
    ]
    const { responses } = await search(
      gateway,
      asked.map((text) => ({ size: 0, track_total_hits: true, query: filtered(text) })),
    )
    expect(responses.map(({ hits }) => hits.total.value)).toEqual([count, count - 7, 7])
  })
})
