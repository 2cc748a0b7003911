import { parseQuery } from '@warren/influxql/parse'
import { type FaultProxy, startFaultProxy } from '@warren/test-servers/fault-proxy'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { influx1 } from './influx1.ts'
import { cpu, newTenant, noon, second, toBatch } from './metric-store.context.contract.ts'
import { metricStoreContract } from './metric-store.contract.ts'
import type { MetricStore } from './metric-store.ts'

let server: TestServer
beforeAll(async () => {
  server = await startInfluxdb({ http: 'max-body-size = 200000' })
})
afterAll(() => server.close())

const openAt = (url: string, more: object = {}): Promise<MetricStore> =>
  influx1.create(influx1.settings.parse({ url, writeTimeoutMs: 1000, ...more }), { dataDir: '' })

metricStoreContract('influx1', () => openAt(server.url), {
  reopen: async () => {
    await server.restart()
    return openAt(server.url)
  },
  reads: true,
})

async function countOf(store: MetricStore, tenant: string): Promise<unknown> {
  const [result] = await ask(store, tenant, 'SELECT count(v) FROM cpu')
  expect(result?.error).toBeUndefined()
  return result?.series?.[0]?.values[0]?.[1] ?? 0
}

function ask(store: MetricStore, tenant: string, text: string) {
  const { signal } = new AbortController()
  return store.query({ tenant, statements: parseQuery(text), epoch: 'ns', nowNs: noon, signal })
}

/** The answer's head arrives before the statement has run. */
async function administer(url: string, statement: string): Promise<void> {
  const response = await fetch(`${url}/query`, {
    method: 'POST',
    body: new URLSearchParams({ q: statement }),
  })
  expect(await response.text()).not.toContain('error')
}

const points = (count: number, value: (index: number) => number | string) =>
  Array.from({ length: count }, (_, index) =>
    cpu(`h${index % 50}`, noon + BigInt(index) * second, { v: value(index) }),
  )

describe('a batch with lines that InfluxDB refuses', () => {
  let proxy: FaultProxy
  let store: MetricStore
  let tenant: string
  beforeEach(async () => {
    proxy = await startFaultProxy(server.url)
    store = await openAt(proxy.url)
    tenant = newTenant()
    return async () => {
      await store.close()
      await proxy.close()
    }
  })

  test('names each, stores the rest, in a few requests', async () => {
    await store.write(toBatch(tenant, [cpu('a', noon - second, { v: 1 })]))
    const before = proxy.requests.length
    const lines = points(2000, (index) => (index % 7 === 3 ? 'text' : index))
    lines[10] = 'nonsense'
    lines[1999] = 'cpu v='
    const { refused } = await store.write(toBatch(tenant, lines))
    const expected = lines.flatMap((_, index) =>
      index === 10 || index === 1999 || index % 7 === 3 ? [index] : [],
    )
    expect(refused.map(({ index }) => index)).toEqual(expected)
    expect(refused.find(({ index }) => index === 10)).toEqual({
      index: 10,
      code: 'malformed',
      reason: 'unable to parse: missing fields',
    })
    expect(proxy.requests.length - before).toBeLessThan(12)
    expect(await countOf(store, tenant)).toBe(1 + lines.length - expected.length)
  })

  test('also over shards with other types, which it tells one at a time', async () => {
    const week = 7n * 86_400n * second
    await store.write(toBatch(tenant, [cpu('a', noon, { v: 1 })]))
    await store.write(toBatch(tenant, [cpu('a', noon - week, { v: 'text' })]))
    const lines = [0n, 1n, 2n, 3n].flatMap((step) => [
      cpu('a', noon + step * second, { v: 1 }),
      cpu('b', noon + step * second, { v: 'text' }),
      cpu('a', noon - week + step * second, { v: 1 }),
      cpu('b', noon - week + step * second, { v: 'text' }),
    ])
    const { refused } = await store.write(toBatch(tenant, lines))
    expect(refused.map(({ index }) => index % 4)).toEqual([1, 2, 1, 2, 1, 2, 1, 2])
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['field_type_conflict']))
  })

  test('a request above its size is split; a line above it is refused', async () => {
    const lines = points(5000, (index) => index)
    lines.splice(100, 0, cpu('a', noon, { s: 'x'.repeat(250_000) }))
    const { refused } = await store.write(toBatch(tenant, lines))
    expect(refused.map(({ index, code }) => [index, code])).toEqual([[100, 'too_large']])
    expect(await countOf(store, tenant)).toBe(5000)
  })
})

describe('an InfluxDB in trouble', () => {
  let proxy: FaultProxy
  let store: MetricStore
  const batch = toBatch('trouble', [cpu('a', noon, { v: 1 })])
  beforeAll(async () => {
    proxy = await startFaultProxy(server.url)
    store = await openAt(proxy.url)
    await store.write(batch)
  })
  afterAll(async () => {
    await store.close()
    await proxy.close()
  })

  const body = '{"error":"too busy"}'
  const json = { 'content-type': 'application/json' }
  test.each([
    [
      { kind: 'answer', status: 429, headers: { ...json, 'retry-after': '7' }, body },
      { code: 'store_overloaded', retryAfterMs: 7000, message: /429 too busy/ },
    ],
    [
      { kind: 'answer', status: 503, headers: { ...json, 'retry-after': '9' }, body },
      { code: 'store_overloaded', retryAfterMs: 9000, message: /503 too busy/ },
    ],
    [
      { kind: 'answer', status: 503, headers: json, body },
      { code: 'store_overloaded', message: /503 too busy/ },
    ],
    [
      { kind: 'answer', status: 500, headers: json, body: '{"error":"timeout"}' },
      { code: 'store_unavailable', message: /500 timeout/ },
    ],
    [
      { kind: 'answer', status: 401, headers: json, body: '{"error":"authorization failed"}' },
      { code: 'store_refused_credentials', message: /refuses our credentials: 401 auth/ },
    ],
    [
      { kind: 'answer', status: 400, body: '<html>plain HTTP sent to HTTPS port</html>' },
      { code: 'store_unavailable', message: /400 <html>/ },
    ],
    [{ kind: 'hang' }, { code: 'store_unavailable', message: /did not answer within 1000 ms/ }],
    [{ kind: 'cut' }, { code: 'store_unavailable', message: /cannot be reached/ }],
    [{ kind: 'lose answer' }, { code: 'store_unavailable', message: /cannot be reached/ }],
  ] as const)('%j is an error to retry', async (fault, expected) => {
    proxy.inject(fault)
    const error = await store.write(batch).catch((error: unknown) => error)
    const { message, ...details } = expected
    expect(error).toMatchObject({ name: 'WarrenError', disposition: 'retry', ...details })
    expect(String(error)).toMatch(message)
    expect(await store.write(batch)).toEqual({ refused: [] })
    expect(await countOf(store, 'trouble')).toBe(1)
  })

  test('a dropped database is made again', async () => {
    await administer(server.url, 'DROP DATABASE warren_trouble')
    expect(await store.write(batch)).toEqual({ refused: [] })
    expect(await countOf(store, 'trouble')).toBe(1)
  })

  test('one that is down says so, and is found again', async () => {
    await server.kill('SIGKILL')
    await expect(store.write(batch)).rejects.toMatchObject({ disposition: 'retry' })
    await expect(store.check()).rejects.toThrow(/InfluxDB at 127\.0\.0\.1:\d+ cannot/)
    await expect(ask(store, 'trouble', 'SHOW MEASUREMENTS')).rejects.toMatchObject({
      disposition: 'retry',
    })
    await server.restart()
    await store.check()
    expect(await countOf(store, 'trouble')).toBe(1)
  })

  test('an overload told with status 200 is an error to retry', async () => {
    const text = 'max-concurrent-queries limit exceeded(20, 20)'
    proxy.inject({
      kind: 'answer',
      status: 200,
      body: JSON.stringify({ results: [{ statement_id: 0, error: text }] }),
    })
    await expect(ask(store, 'trouble', 'SHOW MEASUREMENTS')).rejects.toMatchObject({
      code: 'store_overloaded',
      disposition: 'retry',
    })
  })

  test('a cancelled query ends at once', async () => {
    proxy.inject({ kind: 'hang' })
    const controller = new AbortController()
    const statements = parseQuery('SHOW MEASUREMENTS')
    const { signal } = controller
    const asked = store.query({ tenant: 'trouble', statements, epoch: 'ns', nowNs: noon, signal })
    controller.abort()
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('what a client sees', () => {
  test('its own database only, under its public name', async () => {
    const store = await openAt(server.url)
    const [first, second] = [newTenant(), newTenant()]
    await store.write(toBatch(first, [cpu('a', noon, { v: 1 })]))
    await store.write(toBatch(second, [cpu('b', noon, { v: 1 })]))
    const [databases, missing, series] = await ask(
      store,
      first,
      `SHOW DATABASES; SELECT v FROM "warren_${first}"."nosuch"."cpu"; SELECT v FROM cpu`,
    )
    expect(databases?.series?.[0]?.values).toEqual([['warren']])
    expect(missing?.error).toMatch(/retention policy not found/)
    expect(series?.series?.[0]?.values).toHaveLength(1)
    await store.close()
  })

  test('now() is the moment of the query', async () => {
    const store = await openAt(server.url)
    const tenant = newTenant()
    await store.write(
      toBatch(
        tenant,
        points(10, (index) => index),
      ),
    )
    const [result] = await ask(
      store,
      tenant,
      'SELECT count(v) FROM cpu WHERE time > now() - 1s AND time <= now() + 5s',
    )
    expect(result?.series?.[0]?.values[0]?.[1]).toBe(6)
    await store.close()
  })

  test('credentials are asked for, and sent', async () => {
    const guarded = await startInfluxdb({ http: 'auth-enabled = true' })
    const create = "CREATE USER warren WITH PASSWORD 'p:ss' WITH ALL PRIVILEGES"
    await administer(guarded.url, create)
    const batch = toBatch('guarded', [cpu('a', noon, { v: 1 })])
    const stranger = await openAt(guarded.url)
    await expect(stranger.write(batch)).rejects.toMatchObject({ code: 'store_refused_credentials' })
    await expect(stranger.check()).rejects.toMatchObject({ code: 'store_refused_credentials' })
    const store = await openAt(guarded.url, { username: 'warren', password: 'p:ss', gzip: true })
    expect(await store.write(batch)).toEqual({ refused: [] })
    expect(await countOf(store, 'guarded')).toBe(1)
    await store.close()
    await guarded.close()
  })
})

describe('retention', () => {
  test('sets how long the tenant keeps points, once, and loses nothing that is kept', async () => {
    const store = await openAt(server.url)
    const [tenant, nowMs] = [newTenant(), Date.now()]
    const nowNs = BigInt(nowMs) * 1_000_000n
    const dayNs = 86_400n * second
    expect(await store.retain({ tenant, days: 30, nowMs })).toEqual([])
    await store.write(
      toBatch(
        tenant,
        [1n, 20n].map((age) => cpu('a', nowNs - age * dayNs, { v: 1 })),
      ),
    )
    expect(await store.retain({ tenant, days: 30, nowMs })).toEqual([
      'retention policy 5m to 4320h',
      'retention policy 1h to 17520h',
      'retention policy autogen from 0s to 720h',
    ])
    expect(await store.retain({ tenant, days: 30, nowMs })).toEqual([])
    expect(await countOf(store, tenant)).toBe(2)
    const tooOld = toBatch(tenant, [
      cpu('a', nowNs - 60n * dayNs, { v: 1 }),
      cpu('a', nowNs, { v: 1 }),
    ])
    const { refused } = await store.write(tooOld)
    expect(refused).toMatchObject([{ index: 0, code: 'bad_timestamp' }])
    expect(await store.retain({ tenant, days: 400, nowMs })).toEqual([
      'retention policy 5m from 4320h0m0s to 9600h',
      'retention policy autogen from 720h0m0s to 9600h',
    ])
    expect(await store.write(tooOld)).toEqual({ refused: [] })
    expect(await countOf(store, tenant)).toBe(4)
    await store.close()
  })
})
