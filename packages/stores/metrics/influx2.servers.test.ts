import { gunzipSync } from 'node:zlib'
import { databaseOf } from '@warren/contracts/names'
import { parseQuery } from '@warren/influxql/parse'
import { type FaultProxy, startFaultProxy } from '@warren/test-servers/fault-proxy'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { startVictoriaMetrics } from '@warren/test-servers/victoria-metrics'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { influx2 } from './influx2.ts'
import { cpu, newTenant, noon, second, toBatch } from './metric-store.context.contract.ts'
import { metricStoreContract } from './metric-store.contract.ts'
import type { MetricStore } from './metric-store.ts'

const openAt = (url: string): Promise<MetricStore> =>
  influx2.create(
    influx2.settings.parse({ url, token: 'of-warren', org: 'o & o', writeTimeoutMs: 1000 }),
    { dataDir: '' },
  )

// No InfluxDB 2 server is packaged, and VictoriaMetrics refuses no line. InfluxDB 1.6 judges
// lines as 2.x does; only its address differs, and its databases are made as an operator makes buckets.
let influxdb: TestServer
let asInfluxdb2: FaultProxy
beforeAll(async () => {
  influxdb = await startInfluxdb()
  asInfluxdb2 = await startFaultProxy(influxdb.url, { route: toVersion1 })
})
afterAll(async () => {
  await asInfluxdb2.close()
  await influxdb.close()
})

async function toVersion1(url: string): Promise<string> {
  const bucket = new URL(url, influxdb.url).searchParams.get('bucket') ?? ''
  const body = new URLSearchParams({ q: `CREATE DATABASE "${bucket}"` })
  await (await fetch(`${influxdb.url}/query`, { method: 'POST', body })).text()
  return `/write?db=${bucket}&precision=ns`
}

metricStoreContract('influx2', () => openAt(asInfluxdb2.url), {
  reopen: () => openAt(asInfluxdb2.url),
  reads: false,
})

describe('influx2 into VictoriaMetrics', () => {
  let server: TestServer
  let proxy: FaultProxy
  let store: MetricStore
  beforeAll(async () => {
    server = await startVictoriaMetrics()
    proxy = await startFaultProxy(server.url)
    store = await openAt(proxy.url)
  })
  afterAll(async () => {
    await store.close()
    await proxy.close()
    await server.close()
  })

  /** Times (ms) and values by series, through its own export. */
  async function stored(host: string): Promise<ReadonlyMap<number, number>> {
    await fetch(`${server.url}/internal/force_flush`)
    const match = encodeURIComponent(`cpu_v{host="${host}"}`)
    const response = await fetch(`${server.url}/api/v1/export?match[]=${match}&start=0`)
    const lines = (await response.text()).split('\n').filter((line) => line !== '')
    const samples = lines.map(
      (line) => JSON.parse(line) as { timestamps: number[]; values: number[] },
    )
    return new Map(
      samples.flatMap(({ timestamps, values }) => timestamps.map((at, i) => [at, values[i] ?? 0])),
    )
  }

  const linesOf = (host: string, count: number) =>
    Array.from({ length: count }, (_, index) =>
      cpu(host, noon + BigInt(index) * second, { v: index / 3 }),
    )

  test('every point arrives, gzipped, to its organisation and bucket', async () => {
    const tenant = newTenant()
    const lines = linesOf('gzip', 5000)
    expect(await store.write(toBatch(tenant, lines))).toEqual({ refused: [] })
    const request = proxy.requests.at(-1)
    expect(request?.headers['content-encoding']).toBe('gzip')
    expect(request?.headers.authorization).toBe('Token of-warren')
    expect(gunzipSync(request?.body ?? '').toString()).toBe(`${lines.join('\n')}\n`)
    const { searchParams } = new URL(request?.url ?? '', proxy.url)
    expect(Object.fromEntries(searchParams)).toEqual({
      org: 'o & o',
      bucket: databaseOf(tenant),
      precision: 'ns',
    })
    const samples = await stored('gzip')
    expect(samples.size).toBe(5000)
    expect(samples.get(Number(noon / 1_000_000n) + 1000)).toBeCloseTo(1 / 3, 12)
  })

  test.each([
    { kind: 'answer', status: 429, headers: { 'retry-after': '3' } },
    { kind: 'answer', status: 503 },
    {
      kind: 'answer',
      status: 404,
      headers: { 'content-type': 'application/json' },
      body: '{"code":"not found","message":"bucket \\"x\\" not found"}',
    },
    { kind: 'answer', status: 401 },
    { kind: 'hang' },
    { kind: 'cut' },
    { kind: 'lose answer' },
  ] as const)('after %j the batch is written again, and is there once', async (fault) => {
    const host = `fault-${proxy.requests.length}`
    const batch = toBatch('faults', linesOf(host, 300))
    proxy.inject(fault)
    const error = await store.write(batch).catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'WarrenError', disposition: 'retry' })
    if ('headers' in fault && 'retry-after' in fault.headers)
      expect(error).toMatchObject({ retryAfterMs: 3000 })
    expect(await store.write(batch)).toEqual({ refused: [] })
    expect((await stored(host)).size).toBe(300)
  })

  test('a partial write of 2.x is narrowed to the line it is about', async () => {
    const conflict =
      'failure writing points to database: partial write: field type conflict: input field "v" on measurement "cpu" is type string, already exists as type float dropped=1'
    const answer = {
      kind: 'answer',
      status: 422,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ code: 'unprocessable entity', message: conflict }),
    } as const
    const lines = linesOf('partial', 100)
    lines[42] = cpu('partial', noon + 42n * second, { v: 'text' })
    const before = proxy.requests.length
    // VictoriaMetrics blames no line: it takes a string for 0. The whole and the suspect are answered as 2.x does.
    proxy.inject(answer, answer)
    const { refused } = await store.write(toBatch(newTenant(), lines))
    expect(refused).toEqual([
      {
        index: 42,
        code: 'field_type_conflict',
        reason: expect.stringContaining('is type string, already exists as type float'),
      },
    ])
    expect(proxy.requests.length - before).toBe(3)
    expect((await stored('partial')).size).toBe(99)
  })

  test('reads for no tenant without a token of its own', async () => {
    const asked = store.query({
      tenant: 'default',
      statements: parseQuery('SHOW MEASUREMENTS'),
      epoch: undefined,
      nowNs: noon,
      signal: new AbortController().signal,
    })
    await expect(asked).rejects.toMatchObject({
      disposition: 'reject',
      message: expect.stringContaining('metricStore.readTokens'),
    })
  })

  test('says when it is away, and recovers', async () => {
    await server.kill('SIGKILL')
    await expect(store.check()).rejects.toMatchObject({ disposition: 'retry' })
    await server.restart()
    await store.check()
  })
})
