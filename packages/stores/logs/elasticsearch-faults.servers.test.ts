import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import { startFaultProxy } from '@warren/test-servers/fault-proxy'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { elasticsearch } from './elasticsearch.ts'
import type { LogStore } from './log-store.ts'
import { idOf, type TestRecord, toBatch } from './testing.ts'

let server: TestServer
let store: LogStore
const open = (requestTimeoutMs = 20_000, url = server.url) =>
  elasticsearch.create(
    elasticsearch.settings.parse({ url, requestTimeoutMs, maxBulkBytes: 4_000_000 }),
    { dataDir: '' },
  )

async function openBehindProxy() {
  const proxy = await startFaultProxy(server.url)
  const behind = await open(20_000, proxy.url)
  onTestFinished(async () => {
    await behind.close()
    await proxy.close()
  })
  const bulks = () => proxy.requests.filter(({ url }) => url.startsWith('/_bulk'))
  return { proxy, behind, bulks }
}

beforeAll(async () => {
  server = await startElasticsearch(['http.max_content_length: 1mb'])
  store = await open()
})
afterAll(async () => {
  await store.close()
  await server.close()
})

const record = (name: string, message = name): TestRecord => ({ id: idOf(name), message })

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
  return (await fetch(`${server.url}${path}`, init)).json()
}

async function countOf(tenant: string): Promise<number> {
  await ask('POST', `/logs-warren.*-${tenant}/_refresh`)
  return ((await ask('GET', `/logs-warren.*-${tenant}/_count`)) as { count: number }).count
}

it('splits a body the server finds too large, and refuses only the record that is alone too large', async () => {
  const large = Array.from({ length: 20 }, (_, i) => record(`large ${i}`, 'x'.repeat(150_000)))
  const records = [...large, record('too large', 'y'.repeat(1_100_000)), record('after')]
  const { refused } = await store.write(toBatch('large', records))
  expect(refused).toMatchObject([{ index: 20, code: 'too_large' }])
  expect(await countOf('large')).toBe(21)
})

it('sends only the items again that the server could not take', async () => {
  await store.write(
    toBatch('blocked', [record('first'), { ...record('b'), 'event.dataset': 'nginx' }]),
  )
  await ask('PUT', '/logs-warren.nginx-blocked/_settings', { 'index.blocks.write': true })
  const writing = store.write(
    toBatch('blocked', [record('second'), { ...record('c'), 'event.dataset': 'nginx' }]),
  )
  await expect.poll(() => countOf('blocked'), { timeout: 10_000 }).toBe(3)
  await ask('PUT', '/logs-warren.nginx-blocked/_settings', { 'index.blocks.write': null })
  expect(await writing).toEqual({ refused: [] })
  expect(await countOf('blocked')).toBe(4)
})

it('takes 409 for stored, parks what no repetition helps, and sends a document answered with 429 again, alone', async () => {
  const { proxy, behind, bulks } = await openBehindProxy()
  const records = ['there', 'late', 'bad'].map((name) => record(name))
  await behind.write(toBatch('each', records.slice(0, 1)))
  await behind.check()
  const before = bulks().length
  const items = [
    { status: 409, _index: '.ds-x' },
    { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'queue is full' } },
    { status: 400, error: { type: 'document_parsing_exception', reason: 'no' } },
  ].map((create) => ({ create }))
  const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }
  proxy.inject({ kind: 'answer', status: 200, headers, body: JSON.stringify({ items }) })
  const { refused } = await behind.write(toBatch('each', records))
  expect(refused).toEqual([{ index: 2, code: 'refused_by_store', reason: 'no' }])
  const again = bulks()
    .slice(before + 1)
    .map(({ body }) => body.toString())
  expect(again).toHaveLength(1)
  expect(again[0]?.split('\n').filter((line) => line.startsWith('{"create"'))).toEqual([
    expect.stringContaining(idOf('late')),
  ])
  expect(await countOf('each')).toBe(2)
})

it.each([429, 503])('hands on how long a %i asks to be left alone', async (status) => {
  const { proxy, behind } = await openBehindProxy()
  await behind.write(toBatch('patient', [record('first')]))
  await behind.check()
  proxy.inject({ kind: 'answer', status, headers: { 'retry-after': '9' }, body: '{}' })
  await expect(behind.write(toBatch('patient', [record('second')]))).rejects.toMatchObject({
    disposition: 'retry',
    retryAfterMs: 9000,
  })
})

it('puts its template back when that was replaced', async () => {
  const another = { index_patterns: ['logs-warren.*-*'], priority: 300, data_stream: {} }
  await ask('PUT', '/_index_template/warren-logs', another)
  await store.write(toBatch('template', [record('t')]))
  const mapping = await ask('GET', '/logs-warren.generic-template/_mapping')
  expect(JSON.stringify(mapping)).toContain('"dynamic":"false"')
})

it('keeps every nanosecond and counts with the histogram of a dashboard', async () => {
  const times = ['2026-03-04T05:06:07.000000001Z', '2026-03-04T05:06:07.999999999Z']
  const records = times.map((time) => ({ ...record(time), '@timestamp': time }))
  await store.write(toBatch('nanos', records))
  await ask('POST', '/logs-warren.*-nanos/_refresh')
  const answer = await ask('POST', '/logs-warren.generic-nanos/_search', {
    size: 0,
    query: {
      range: { '@timestamp': { gte: 1772600767000, lte: 1772600767999, format: 'epoch_millis' } },
    },
    aggs: {
      2: { date_histogram: { field: '@timestamp', fixed_interval: '1s', format: 'epoch_millis' } },
    },
  })
  expect(answer).toMatchObject({
    aggregations: { 2: { buckets: [{ key: 1772600767000, doc_count: 2 }] } },
  })
})

it('asks again later of a server that hangs', async () => {
  const impatient = await open(500)
  await server.kill('SIGSTOP')
  const writing = impatient.write(toBatch('hangs', [record('h')]))
  await expect(writing).rejects.toMatchObject({ code: 'store_unavailable', disposition: 'retry' })
  await server.kill('SIGCONT')
  await impatient.close()
  expect(await store.write(toBatch('hangs', [record('h')]))).toEqual({ refused: [] })
  expect(await countOf('hangs')).toBe(1)
})

it('opens while the server is away, says so, and works when it is back', async () => {
  await server.kill('SIGKILL')
  const early = await open()
  const batch = toBatch('away', [record('a')])
  await expect(early.check()).rejects.toMatchObject({ disposition: 'retry' })
  await expect(early.write(batch)).rejects.toMatchObject({ disposition: 'retry' })
  await expect(early.streams('away')).rejects.toMatchObject({ disposition: 'retry' })
  await server.restart()
  await expect
    .poll(() => early.check().then(() => 'ready', String), { timeout: 30_000 })
    .toBe('ready')
  expect(await early.write(batch)).toEqual({ refused: [] })
  await early.close()
  expect(await countOf('away')).toBe(1)
})
