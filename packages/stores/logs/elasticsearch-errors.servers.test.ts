import { parseSearch } from '@warren/searchdsl/parse/search'
import type { SearchRequest } from '@warren/searchdsl/tree'
import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { elasticsearch } from './elasticsearch.ts'
import type { LogStore } from './log-store.ts'
import { idOf, toBatch } from './testing.ts'

let server: TestServer
let store: LogStore

beforeAll(async () => {
  server = await startElasticsearch()
  store = await elasticsearch.create(elasticsearch.settings.parse({ url: server.url }), {
    dataDir: '',
  })
  for (const dataset of ['one', 'two', 'three'])
    await store.write(
      toBatch('acme', [{ id: idOf(dataset), 'event.dataset': dataset, message: dataset }]),
    )
})
afterAll(async () => {
  await store?.close()
  await server?.close()
})

/** Levels by an order that no store has: the parser refuses it, so that here each shard of each stream does. */
function ordered(): SearchRequest {
  const request = parseSearch({
    size: 0,
    query: { match_all: {} },
    aggs: { 1: { terms: { field: 'log.level', order: { _count: 'desc' } } } },
  })
  const aggs = request.aggs.map(({ aggregation, ...rest }) => ({
    ...rest,
    aggregation:
      aggregation.type === 'terms'
        ? { ...aggregation, order: aggregation.order.map((one) => ({ ...one, by: ']_count' })) }
        : aggregation,
  }))
  return { ...request, aggs }
}

it('tells by no error how many streams there are', async () => {
  const streams = await store.streams('acme')
  expect(streams).toHaveLength(3)
  const answers = await Promise.all(
    [streams.slice(0, 1), streams.slice(0, 2), streams].map((some) =>
      store.search({
        ...{ tenant: 'acme', streams: some, request: ordered(), nowMs: Date.now() },
        signal: AbortSignal.timeout(30_000),
      }),
    ),
  )
  const [one] = answers
  expect(one).toMatchObject({ error: { root_cause: [{ type: expect.any(String) }] } })
  for (const answer of answers) {
    expect(answer).toEqual(one)
    expect(JSON.stringify(answer)).not.toMatch(/\.ds-|logs-warren/)
  }
})
