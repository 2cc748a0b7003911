import { createLog } from '@warren/platform/log'
import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conversionBytes } from './gateway/influxdb/body/conversion.ts'
import { type RunningApi, startApi } from './serve.ts'
import { apiSettingsSchema } from './settings.ts'
import { openTestApi, type TestApi } from './testing.ts'

const hosts = 4
const rowsOfAHost = 40_000
const megabyte = 1024 ** 2
/** More than the answer has as JSON, fewer than it has in other forms. */
const maxAnswerBytes = 5.5 * megabyte
const patience = { timeout: 20_000, interval: 20 }
// Lately: beyond retention rollups are asked.
const firstNs = BigInt(Date.now() - 3_600_000) * 1_000_000n
const q = `SELECT usage FROM cpu WHERE time >= ${firstNs} AND time < ${firstNs + 1_000_000_000n} GROUP BY host`
const parameters = { q, epoch: 'ns' }

let server: TestServer
let store: MetricStore
let test: TestApi
/** Takes answers of that size only. */
let narrow: RunningApi
let token: string

beforeAll(async () => {
  server = await startInfluxdb()
  store = await openInflux1(server.url)
  test = await openTestApi({}, { metricStore: store })
  token = await test.tokenOf('viewer')
  narrow = await startApi({
    ...{ catalog: test.catalog, logStore: test.logStore, metricStore: store },
    ...{ parts: () => [], version: '0.0.0', consoleDir: undefined, metrics: new Registry() },
    settings: apiSettingsSchema.parse({ port: 0, queries: { maxAnswerBytes } }),
    log: createLog({ service: 'api', level: 'error', pretty: false }),
  })
  const db = new URLSearchParams({ q: 'CREATE DATABASE warren_default' })
  await fetch(`${server.url}/query`, { method: 'POST', body: db })
  for (let host = 0; host < hosts; host += 1) {
    const lines = Array.from(
      { length: rowsOfAHost },
      (_, at) => `cpu,host=host\\ ${host},tenant=default usage=${at / 8} ${firstNs + BigInt(at)}`,
    )
    const body = lines.join('\n')
    const written = await fetch(`${server.url}/write?db=warren_default`, { method: 'POST', body })
    expect(written.status).toBe(204)
  }
})
afterAll(async () => {
  await narrow?.close()
  await test?.close()
  await store?.close()
  await server?.close()
})

interface Form {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  readonly beside: Readonly<Record<string, string>>
}

const plain: Form = { name: 'as JSON', headers: {}, beside: {} }
const csv: Form = { name: 'as CSV', headers: { accept: 'application/csv' }, beside: {} }
const indented: Form = { name: 'indented', headers: {}, beside: { pretty: 'true' } }

async function direct({ headers, beside }: Form): Promise<string> {
  const search = new URLSearchParams({ db: 'warren_default', ...parameters, ...beside })
  return (await fetch(`${server.url}/query?${search}`, { headers })).text()
}

function through(url: string, { headers, beside }: Form, more: Form['headers'] = {}) {
  const search = new URLSearchParams({ db: 'warren', ...parameters, ...beside })
  const authorization = `Bearer ${token}`
  return fetch(`${url}/gateway/influxdb/query?${search}`, {
    headers: { authorization, ...headers, ...more },
  })
}

async function memoryTaken(): Promise<number> {
  const gauge = test.metrics.getSingleMetric('warren_api_answer_memory_bytes')
  const { values } = (await gauge?.get()) ?? { values: [] }
  return values[0]?.value ?? Number.NaN
}

it.each([csv, indented])(
  'a long answer comes $name as InfluxDB sends it, packed or not',
  async (form) => {
    const expected = await direct(form)
    expect(expected.length).toBeGreaterThan(5 * megabyte)
    for (const encoding of ['identity', 'gzip']) {
      const response = await through(test.api.url, form, { 'accept-encoding': encoding })
      const isPacked = encoding === 'gzip'
      expect(response.headers.get('content-encoding')).toBe(isPacked ? 'gzip' : null)
      const length = isPacked ? null : String(Buffer.byteLength(expected))
      expect(response.headers.get('content-length')).toBe(length)
      expect((await response.text()) === expected).toBe(true)
    }
  },
)

it.each([csv, indented])(
  'a long answer $name takes no memory but that of its JSON',
  async (form) => {
    const json = await (await through(test.api.url, plain)).text()
    expect(json.length).toBeGreaterThan(4 * megabyte)
    await expect.poll(memoryTaken, patience).toBe(0)
    let most = 0
    const look = async (): Promise<void> => {
      most = Math.max(most, await memoryTaken())
    }
    const sampling = setInterval(() => void look(), 5)
    await (await through(test.api.url, form, { 'cache-control': 'no-cache' })).text()
    clearInterval(sampling)
    expect(most).toBeGreaterThanOrEqual(json.length)
    expect(most).toBeLessThanOrEqual(json.length + conversionBytes)
    await expect.poll(memoryTaken, patience).toBe(0)
  },
)

it.each([csv, indented])(
  'one that is too large $name says so with the limit, before anything is sent',
  async (form) => {
    const refused = await through(narrow.url, form)
    expect(refused.status).toBe(400)
    expect(await refused.text()).toMatch(
      /the answer is larger than 5767168 bytes; ask for a shorter range/,
    )
    const { status } = await through(narrow.url, plain)
    expect(status).toBe(200)
  },
)
