import { createLog } from '@warren/platform/log'
import { elasticsearch } from '@warren/stores/logs/elasticsearch'
import type { LogStore } from '@warren/stores/logs/log-store'
import { idOf, toBatch } from '@warren/stores/logs/testing'
import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import type { TestServer } from '@warren/test-servers/test-server'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApi, startApi } from './serve.ts'
import { apiSettingsSchema } from './settings.ts'
import { openTestApi, type TestApi } from './testing.ts'

const atMs = 1_772_582_400_000
const count = 60
/** Three records in each millisecond: what a time alone does not tell apart. */
const timeOf = (n: number): number => atMs + Math.floor(n / 3)
const levels = ['error', 'info', undefined] as const

let server: TestServer
let test: TestApi
let beforeServer: RunningApi
let external: LogStore
let authorization: string
const gateways = ['embedded', 'external'] as const
type Gateway = (typeof gateways)[number]

beforeAll(async () => {
  server = await startElasticsearch()
  external = await elasticsearch.create(elasticsearch.settings.parse({ url: server.url }), {
    dataDir: '',
  })
  test = await openTestApi()
  authorization = `Bearer ${await test.tokenOf('viewer')}`
  beforeServer = await startApi({
    ...{ catalog: test.catalog, metricStore: test.metricStore, logStore: external },
    ...{ parts: () => [], version: '0.0.0', consoleDir: undefined, metrics: new Registry() },
    settings: apiSettingsSchema.parse({ port: 0 }),
    log: createLog({ service: 'api', level: 'error', pretty: false }),
  })
  for (const store of [test.logStore, external]) await store.write(batchOf(0, count))
  await fetch(`${server.url}/logs-warren.*-*/_refresh`, { method: 'POST' })
})
afterAll(async () => {
  await beforeServer?.close()
  await test?.close()
  await external?.close()
  await server?.close()
})

const batchOf = (from: number, to: number) =>
  toBatch(
    'default',
    Array.from({ length: to - from }, (_, at) => from + at).map((n) => {
      const level = levels[n % 3]
      return {
        ...{ id: idOf(`r${n}`), message: `record ${n}${n % 10 === 0 ? ' deploy' : ''}` },
        '@timestamp': new Date(timeOf(n)).toISOString(),
        ...(level === undefined ? {} : { 'log.level': level }),
      }
    }),
  )

interface Hit {
  readonly _id: string
  readonly sort: readonly unknown[]
  readonly _source: { readonly message: string }
  readonly highlight?: Readonly<Record<string, readonly string[]>>
}
interface Bucket {
  readonly key: string | number
  readonly doc_count: number
  readonly [id: string]: unknown
}
interface Response {
  readonly error?: object
  readonly hits: { readonly hits: readonly Hit[] }
  readonly aggregations: Readonly<Record<string, { readonly buckets: readonly Bucket[] }>>
}

async function search(gateway: Gateway, body: object, index: unknown = 'logs-warren.*') {
  const url = gateway === 'embedded' ? test.api.url : beforeServer.url
  const head = { ignore_unavailable: true, index, search_type: 'query_then_fetch' }
  const answer = await fetch(`${url}/gateway/elasticsearch/_msearch`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/x-ndjson' },
    body: `${JSON.stringify(head)}\n${JSON.stringify(body)}\n`,
  })
  const { responses } = (await answer.json()) as { responses: readonly [Response] }
  expect([answer.status, responses.length, responses[0].error]).toEqual([200, 1, undefined])
  return responses[0]
}

const hourMs = 3_600_000
const within = (gte: number, lte: number) => ({
  range: { '@timestamp': { format: 'epoch_millis', gte, lte } },
})

interface LogsWish {
  readonly size: number
  readonly order?: 'asc' | 'desc'
  readonly range?: readonly [number, number]
  readonly after?: readonly unknown[]
  readonly query?: string
}

/** A query for logs, as pkg/tsdb/elasticsearch of Grafana 12 makes it. */
function logs({ size, order = 'desc', after, query, range }: LogsWish) {
  const [min, max] = range ?? [atMs - hourMs, atMs + hourMs]
  const text = { query_string: { analyze_wildcard: true, query } }
  const histogram = { field: '@timestamp', fixed_interval: '30000ms', min_doc_count: 0 }
  return {
    aggs: {
      1: {
        date_histogram: { ...histogram, extended_bounds: { min, max }, format: 'epoch_millis' },
      },
    },
    docvalue_fields: ['@timestamp'],
    fields: [{ field: '@timestamp', format: 'strict_date_optional_time_nanos' }],
    highlight: {
      ...{ fields: { '*': {} }, fragment_size: 2_147_483_647 },
      ...{ post_tags: ['@/HIGHLIGHT@'], pre_tags: ['@HIGHLIGHT@'] },
    },
    query: {
      bool: { filter: query === undefined ? within(min, max) : [within(min, max), text] },
    },
    script_fields: {},
    ...(after === undefined ? {} : { search_after: after }),
    size,
    sort: { '@timestamp': { order, unmapped_type: 'boolean' }, _doc: { order } },
  }
}

const idsOf = ({ hits }: Response): readonly string[] => hits.hits.map(({ _id }) => _id)

describe.each(gateways)('logs in Grafana, %s store', (gateway) => {
  it('have the context of a line: what came before and after it, each once, none left out', async () => {
    const all = idsOf(await search(gateway, logs({ size: 500 })))
    expect(new Set(all).size).toBe(count)
    const found = await search(gateway, logs({ size: 500, query: '"record 31"' }))
    const [line] = found.hits.hits
    expect(line?.highlight?.['message']).toEqual(['@HIGHLIGHT@record 31@/HIGHLIGHT@'])
    const lineMs = timeOf(31)
    const later = { order: 'asc', range: [lineMs, lineMs + 7 * hourMs] } as const
    const earlier = { order: 'desc', range: [lineMs - 7 * hourMs, lineMs] } as const
    const after = line?.sort ?? []
    const at = all.indexOf(line?._id ?? '')
    const next = idsOf(await search(gateway, logs({ ...later, after, size: 10 })))
    const before = idsOf(await search(gateway, logs({ ...earlier, after, size: 10 })))
    expect(next).toEqual(all.slice(at - 10, at).toReversed())
    expect(before).toEqual(all.slice(at + 1, at + 11))
  })

  it('have a volume by level, with those that have none', async () => {
    const [min, max] = [atMs, atMs + 29_999]
    const histogram = { field: '@timestamp', fixed_interval: '10ms', min_doc_count: 0 }
    const { aggregations } = await search(gateway, {
      size: 0,
      query: {
        bool: {
          filter: [within(min, max), { query_string: { analyze_wildcard: true, query: 'record' } }],
        },
      },
      aggs: {
        3: {
          terms: {
            ...{ field: 'log.level', size: 500, min_doc_count: '0' },
            ...{ order: { _count: 'desc', _key: 'asc' }, missing: 'unknown' },
          },
          aggs: {
            4: { date_histogram: { ...histogram, extended_bounds: { min, max: min + 19 } } },
          },
        },
      },
    })
    const buckets = aggregations['3']?.buckets ?? []
    expect(Object.fromEntries(buckets.map(({ key, doc_count }) => [key, doc_count]))).toEqual({
      ...{ error: count / 3, info: count / 3, unknown: count / 3 },
    })
    const times = buckets.map((bucket) => (bucket['4'] as { buckets: readonly Bucket[] }).buckets)
    for (const each of times)
      expect(each.map(({ key, doc_count }) => [key, doc_count])).toEqual([
        [min, 10],
        [min + 10, 10],
      ])
  })

  it('are events for annotations, of a list of indices', async () => {
    const range = { '@timestamp': { gte: atMs, lte: atMs + hourMs, format: 'epoch_millis' } }
    const body = {
      query: {
        bool: {
          filter: [
            { bool: { should: [{ range }], minimum_should_match: 1 } },
            { query_string: { query: 'deploy' } },
          ],
        },
      },
      size: 10_000,
    }
    const { hits } = await search(gateway, body, ['logs-warren.nothing', 'logs-warren.*'])
    expect(hits.hits.map(({ _source }) => _source.message).sort()).toEqual(
      [0, 10, 20, 30, 40, 50].map((n) => `record ${n} deploy`),
    )
  })

  it('come with a refresh, within the 5 s of the cache and Elasticsearch’s second', async () => {
    const live = () => search(gateway, logs({ size: 3, query: 'record' }))
    const [newest] = idsOf(await live())
    expect(newest).toBeDefined()
    await (gateway === 'embedded' ? test.logStore : external).write(batchOf(count, count + 3))
    await expect
      .poll(async () => [...idsOf(await live())].sort(), { timeout: 10_000, interval: 200 })
      .toEqual([count, count + 1, count + 2].map((n) => idOf(`r${n}`)).sort())
  })
})
