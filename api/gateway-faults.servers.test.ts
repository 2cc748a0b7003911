import { createLog } from '@warren/platform/log'
import { elasticsearch } from '@warren/stores/logs/elasticsearch'
import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import { type Fault, type FaultProxy, startFaultProxy } from '@warren/test-servers/fault-proxy'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApi, startApi } from './serve.ts'
import { apiSettingsSchema } from './settings.ts'
import { openTestApi, type TestApi } from './testing.ts'

/** Below Grafana's 30 s; short, so that what hangs is not waited for. */
const deadlineMs = 2000
/** Of answers together; three of the large ones of these tests fill it. */
const answersBytes = 16 * 1024 ** 2
const product = { 'x-elastic-product': 'Elasticsearch', 'content-type': 'application/json' }

let influxdb: TestServer
let toInfluxdb: FaultProxy
let toElasticsearch: FaultProxy
let test: TestApi
let authorization: string
/** Waits longer for its stores, and has little memory for answers. */
let patient: RunningApi
const patientMetrics = new Registry()

beforeAll(async () => {
  influxdb = await startInfluxdb()
  toInfluxdb = await startFaultProxy(influxdb.url)
  // Whatever it is asked it meets a fault: no server is behind it.
  toElasticsearch = await startFaultProxy('http://127.0.0.1:9')
  toElasticsearch.always({ kind: 'cut' })
  const metricStore = await openInflux1(toInfluxdb.url)
  const logStore = await elasticsearch.create(
    elasticsearch.settings.parse({ url: toElasticsearch.url }),
    { dataDir: '' },
  )
  test = await openTestApi({ queries: { deadlineMs } }, { metricStore, logStore })
  const { catalog } = test
  patient = await startApi({
    ...{ catalog, metricStore, logStore, parts: () => [], version: '0.0.0' },
    settings: apiSettingsSchema.parse({ port: 0, queries: { deadlineMs: 100_000, answersBytes } }),
    consoleDir: undefined,
    log: createLog({ service: 'api', level: 'error', pretty: false }),
    metrics: patientMetrics,
  })
  authorization = `Bearer ${await test.tokenOf('viewer')}`
  const bytes = Buffer.from(`cpu,host=a,tenant=default v=1 ${Date.now()}000000\n`)
  await metricStore.write({
    tenant: 'default',
    bytes,
    starts: Uint32Array.of(0, bytes.length),
  })
})
afterAll(async () => {
  await patient?.close()
  await test?.close()
  await toElasticsearch?.close()
  await toInfluxdb?.close()
  await influxdb?.close()
})

const stream = { name: 'logs-warren.app-default', backing_indices: ['.ds-a'] }
const anotherAnswer = JSON.stringify({ data_streams: [stream], responses: [{}] })
const partAnswer = JSON.stringify({
  data_streams: [stream],
  responses: [
    {
      ...{ took: 1, timed_out: true, status: 200 },
      _shards: { total: 2, successful: 2, skipped: 0, failed: 0 },
      hits: { total: { value: 1, relation: 'eq' }, max_score: null, hits: [] },
    },
  ],
})
const begun =
  '{"results":[{"statement_id":0,"series":[{"name":"cpu","columns":["time","mean"],"values":['
const html = '<html><body>Bad gateway</body></html>'

/** What the store does, and words of the reason that a panel shows. */
const faults: readonly (readonly [name: string, fault: Fault, reason: RegExp])[] = [
  ['is down', { kind: 'cut' }, /reach|answer/],
  ['loses its answer', { kind: 'lose answer' }, /reach|answer/],
  ['hangs', { kind: 'hang' }, /took longer than 2 s/],
  ['is slower than the deadline', { kind: 'slow', ms: 10_000 }, /took longer than 2 s/],
  ['answers 500', { kind: 'answer', status: 500, body: '{"error":"no room"}' }, /500.*no room/],
  [
    'answers 503 with Retry-After',
    { kind: 'answer', status: 503, headers: { 'retry-after': '7' }, body: '{"error":"busy"}' },
    /503.*busy.*retry in 7 s/,
  ],
  [
    'answers HTML with 502',
    { kind: 'answer', status: 502, headers: { 'content-type': 'text/html' }, body: html },
    /502/,
  ],
  [
    'answers HTML with 200',
    {
      kind: 'answer',
      status: 200,
      headers: { ...product, 'content-type': 'text/html' },
      body: html,
    },
    /200|JSON/,
  ],
  [
    'answers half of its JSON',
    { kind: 'answer', status: 200, headers: product, body: '{"results":[{"statement_id":0,' },
    /200|JSON/,
  ],
  [
    'stalls within its answer',
    { kind: 'part', status: 200, headers: product, body: begun, ending: 'stall' },
    /took longer than 2 s/,
  ],
  [
    'cuts the connection within its answer',
    { kind: 'part', status: 200, headers: product, body: begun, ending: 'cut' },
    /reach|answer/,
  ],
  ['answers nothing', { kind: 'answer', status: 200, headers: product, body: '' }, /200|no answer/],
  ['answers {}', { kind: 'answer', status: 200, headers: product, body: '{}' }, /200|no answer/],
  [
    'answers another question',
    { kind: 'answer', status: 200, headers: product, body: anotherAnswer },
    /200|no answer/,
  ],
  [
    'has not read all when its time is up',
    { kind: 'answer', status: 200, headers: product, body: partAnswer },
    /had not read all records after 2 s|200/,
  ],
]

/** Another text each time: nothing of it is kept. */
let asked = 0

async function askMetrics(url = test.api.url) {
  asked += 1
  const q = `SELECT mean("v") FROM "cpu" WHERE "v" > -${asked} AND time > now() - 1h GROUP BY time(1m)`
  const path = `/gateway/influxdb/query?${new URLSearchParams({ db: 'warren', epoch: 'ms', q })}`
  const response = await fetch(`${url}${path}`, { headers: { authorization } })
  return { status: response.status, body: await response.text() }
}

async function askLogs(url = test.api.url) {
  asked += 1
  const query = { query_string: { query: `message:x${asked}`, analyze_wildcard: true } }
  const range = { range: { '@timestamp': { gte: 0, lte: Date.now(), format: 'epoch_millis' } } }
  const lines = [{ index: '*' }, { size: 10, query: { bool: { filter: [range, query] } } }]
  const body = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
  const headers = { authorization, 'content-type': 'application/x-ndjson' }
  const path = '/gateway/elasticsearch/_msearch'
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body })
  return { status: response.status, body: await response.text() }
}

async function timed<Answer>(ask: () => Promise<Answer>): Promise<{ answer: Answer; ms: number }> {
  const startMs = performance.now()
  const answer = await ask()
  return { answer, ms: performance.now() - startMs }
}

describe.each(faults)('a store that %s', (_, fault, reason) => {
  it('is a text in the panels of metrics, in time', async () => {
    toInfluxdb.always(fault)
    const { answer, ms } = await timed(() => askMetrics())
    toInfluxdb.always(undefined)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    // What the panel shows is the first key, and a string.
    expect(answer.body).toMatch(/^\{"error":"[^"]/)
    expect((JSON.parse(answer.body) as { error: string }).error).toMatch(reason)
    expect(answer.body).not.toMatch(/node:internal|\/packages\//)
    expect(ms).toBeLessThan(deadlineMs + 5000)
  })

  it('is one error for each query in the panels of logs, in time', async () => {
    toElasticsearch.always(fault)
    const { answer, ms } = await timed(() => askLogs())
    expect(answer.status).toBe(200)
    const { responses } = JSON.parse(answer.body) as {
      responses: { error: { root_cause: { reason: string }[]; type: string }; status: number }[]
    }
    expect(responses).toHaveLength(1)
    expect(responses[0]?.error.root_cause[0]?.reason).toMatch(reason)
    expect(responses[0]?.status).toBeGreaterThanOrEqual(400)
    expect(ms).toBeLessThan(deadlineMs + 5000)
  })
})

it('answers again as soon as the store does', async () => {
  const { status, body } = await askMetrics()
  expect(status).toBe(200)
  expect(body).toContain('"values"')
})

/** Rows of one series, with the tag that nobody may see. */
function largeAnswer(megabytes: number): string {
  const rows = '[1772539200000,0.5],'.repeat((megabytes * 1024 ** 2) / 20)
  const head = '"name":"cpu","tags":{"host":"a","tenant":"default"},"columns":["time","v"]'
  return `{"results":[{"statement_id":0,"series":[{${head},"values":[${rows}[1,2]]}]}]}\n`
}

function largeSearch(megabytes: number): string {
  const hit = { _index: 'x', _id: '1', _score: null, _source: { message: 'm'.repeat(100_000) } }
  const hits = Array.from({ length: megabytes * 10 }, () => hit)
  const total = { value: hits.length, relation: 'eq' }
  const shards = { total: 1, successful: 1, skipped: 0, failed: 0 }
  const found = { took: 1, timed_out: false, _shards: shards, hits: { total, hits }, status: 200 }
  return JSON.stringify({ data_streams: [stream], responses: [found] })
}

async function memoryTaken(): Promise<number> {
  const gauge = patientMetrics.getSingleMetric('warren_api_answer_memory_bytes')
  const { values } = (await gauge?.get()) ?? { values: [] }
  return values[0]?.value ?? Number.NaN
}

it('large answers come whole, and together take no more memory than there is for them', async () => {
  const body = largeAnswer(5)
  const whole = body.replace(',"tenant":"default"', '').length
  const headers = { 'content-type': 'application/json' }
  toInfluxdb.always({ kind: 'answer', status: 200, headers, body })
  toElasticsearch.always({ kind: 'answer', status: 200, headers: product, body: largeSearch(5) })
  let most = 0
  const look = async (): Promise<void> => {
    most = Math.max(most, await memoryTaken())
  }
  const sampling = setInterval(() => void look(), 5)
  const [metrics, logs] = await Promise.all([
    Promise.all(Array.from({ length: 8 }, () => askMetrics(patient.url))),
    Promise.all(Array.from({ length: 2 }, () => askLogs(patient.url))),
  ])
  clearInterval(sampling)
  toInfluxdb.always(undefined)
  toElasticsearch.always({ kind: 'cut' })
  for (const answer of metrics) expect([answer.status, answer.body.length]).toEqual([200, whole])
  for (const answer of logs) expect(answer.body.length).toBeGreaterThan(5e6)
  expect(most).toBeGreaterThan(4 * 1024 ** 2)
  // Parsed, one of them takes seven times its bytes: alone it may.
  expect(most).toBeLessThan(answersBytes + 8 * 5 * 1024 ** 2)
  await expect.poll(memoryTaken, { timeout: 20_000, interval: 20 }).toBe(0)
})
