import { elasticsearch } from '@warren/stores/logs/elasticsearch'
import { influx1 } from '@warren/stores/metrics/influx1'
import { type Fault, type FaultProxy, startFaultProxy } from '@warren/test-servers/fault-proxy'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing.ts'

/** Below Grafana's 30 s; short, so that what hangs is not waited for. */
const deadlineMs = 2000
const product = { 'x-elastic-product': 'Elasticsearch', 'content-type': 'application/json' }

let influxdb: TestServer
let toInfluxdb: FaultProxy
let toElasticsearch: FaultProxy
let test: TestApi
let authorization: string

beforeAll(async () => {
  influxdb = await startInfluxdb()
  toInfluxdb = await startFaultProxy(influxdb.url)
  // Whatever it is asked it meets a fault: no server is behind it.
  toElasticsearch = await startFaultProxy('http://127.0.0.1:9')
  toElasticsearch.always({ kind: 'cut' })
  const metricStore = await influx1.create(influx1.settings.parse({ url: toInfluxdb.url }), {
    dataDir: '',
  })
  const logStore = await elasticsearch.create(
    elasticsearch.settings.parse({ url: toElasticsearch.url }),
    { dataDir: '' },
  )
  test = await openTestApi({ queries: { deadlineMs } }, { metricStore, logStore })
  authorization = `Bearer ${await test.tokenOf('viewer')}`
  const bytes = Buffer.from(`cpu,host=a,tenant=default v=1 ${Date.now()}000000\n`)
  await metricStore.write({
    tenant: 'default',
    bytes,
    starts: Uint32Array.of(0, bytes.length),
  })
})
afterAll(async () => {
  await test?.close()
  await toElasticsearch?.close()
  await toInfluxdb?.close()
  await influxdb?.close()
})

const stream = { name: 'logs-warren.app-default', backing_indices: ['.ds-a'] }
const anotherAnswer = JSON.stringify({ data_streams: [stream], responses: [{}] })
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
  ['answers nothing', { kind: 'answer', status: 200, headers: product, body: '' }, /200|no answer/],
  ['answers {}', { kind: 'answer', status: 200, headers: product, body: '{}' }, /200|no answer/],
  [
    'answers another question',
    { kind: 'answer', status: 200, headers: product, body: anotherAnswer },
    /200|no answer/,
  ],
]

/** Another text each time: nothing of it is kept. */
let asked = 0

async function askMetrics() {
  asked += 1
  const q = `SELECT mean("v") FROM "cpu" WHERE "v" > -${asked} AND time > now() - 1h GROUP BY time(1m)`
  const path = `/gateway/influxdb/query?${new URLSearchParams({ db: 'warren', epoch: 'ms', q })}`
  const response = await test.fetch(path, { headers: { authorization } })
  return { status: response.status, body: await response.text() }
}

async function askLogs() {
  asked += 1
  const query = { query_string: { query: `message:x${asked}`, analyze_wildcard: true } }
  const range = { range: { '@timestamp': { gte: 0, lte: Date.now(), format: 'epoch_millis' } } }
  const lines = [{ index: '*' }, { size: 10, query: { bool: { filter: [range, query] } } }]
  const body = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
  const headers = { authorization, 'content-type': 'application/x-ndjson' }
  const path = '/gateway/elasticsearch/_msearch'
  const response = await test.fetch(path, { method: 'POST', headers, body })
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
    const { answer, ms } = await timed(askMetrics)
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
    const { answer, ms } = await timed(askLogs)
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
