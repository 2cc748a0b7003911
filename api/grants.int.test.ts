import { idOf, toBatch } from '@warren/stores/logs/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing.ts'

/** Tokens that are limited to deployments: what they read, and that nothing else takes them. */

let test: TestApi
let shop: string
let everything: string

/** Before all data. */
const startMs = Date.now() - 7_200_000

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

const tokenOf = (...deployments: readonly string[]) =>
  test.tokenOf('viewer', 'default', deployments)

beforeAll(async () => {
  test = await openTestApi()
  everything = await test.tokenOf('viewer')
  shop = await tokenOf('shop')
  const time = `${startMs + 60_000}000000`
  for (const line of [
    `cpu,deployment=shop,host=a,tenant=default usage=1 ${time}`,
    `cpu,deployment=web,host=b,tenant=default usage=5,secret=1 ${time}`,
    `mem,deployment=web,host=b,tenant=default used=5 ${time}`,
    `cpu,host=c,tenant=default usage=9 ${time}`,
  ]) {
    const bytes = Buffer.from(`${line}\n`)
    const starts = Uint32Array.of(0, bytes.length)
    await test.metricStore.write({ tenant: 'default', bytes, starts })
  }
  const record = { '@timestamp': new Date(Date.now() - 60_000).toISOString(), message: 'hello' }
  const records = ['shop', 'web', undefined].map((deployment) => ({
    ...record,
    ...(deployment === undefined ? {} : { deployment }),
    id: idOf(`of ${deployment}`),
    attributes: { [`of_${deployment}`]: 'x' },
  }))
  await test.logStore.write(toBatch('default', records))
})
afterAll(() => test?.close())

const influxql = async (token: string, q: string) => {
  const path = `/gateway/influxdb/query?${new URLSearchParams({ db: 'warren', q, epoch: 'ms' })}`
  const response = await test.fetch(path, { headers: bearer(token) })
  const cache = response.headers.get('x-warren-cache')?.split(';')[0]
  return { status: response.status, cache, body: await response.text() }
}

const elasticsearch = async (token: string, path: string, body?: object) => {
  const response = await test.fetch(`/gateway/elasticsearch${path}`, {
    headers: { ...bearer(token), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.text() }
}

describe('a token limited to a deployment', () => {
  it('reads its points and lists its series, and no other’s', async () => {
    const sum = 'SELECT sum(usage) FROM cpu'
    expect((await influxql(shop, sum)).body).toContain('"values":[[0,1]]')
    expect((await influxql(await tokenOf('shop', 'web'), sum)).body).toContain('[[0,6]]')
    expect((await influxql(everything, sum)).body).toContain('[[0,15]]')
    for (const q of ['SHOW MEASUREMENTS', 'SHOW SERIES', 'SHOW TAG VALUES WITH KEY = host'])
      expect((await influxql(shop, q)).body).not.toMatch(/mem|web|"b"|host=b/)
    expect((await influxql(shop, 'SHOW MEASUREMENTS')).body).toContain('cpu')
  })

  it('is never given what the cache has for another, but what it has for the same deployments', async () => {
    const q = 'SELECT sum(usage) FROM cpu GROUP BY host'
    const all = await influxql(everything, q)
    const own = await influxql(shop, q)
    expect(own.cache).toBe('miss')
    expect(own.body).not.toBe(all.body)
    expect((await influxql(everything, q)).body).toBe(all.body)
    const twin = await tokenOf('shop')
    const states: (string | undefined)[] = []
    // A step of the cache's grid may end between two.
    while (!states.includes('hit') && states.length < 40) {
      expect((await influxql(shop, q)).body).toBe(own.body)
      const same = await influxql(twin, q)
      expect(same.body).toBe(own.body)
      states.push(same.cache)
    }
    expect(states).toContain('hit')
  })

  it('is asked for it alone however often a panel asks, with other times each time', async () => {
    const sumOf = async (token: string, shift: number) => {
      const q = `SELECT sum(usage) FROM cpu WHERE time >= ${startMs + shift}ms AND time <= ${startMs + 3_600_000 + shift}ms`
      return (await influxql(token, q)).body
    }
    for (const shift of [0, 1, 2, 3]) {
      expect(await sumOf(everything, shift)).toContain(`[[${startMs + shift},15]]`)
      expect(await sumOf(shop, shift)).toContain(`[[${startMs + shift},1]]`)
    }
  })

  it.each([
    'SHOW FIELD KEYS',
    'SHOW MEASUREMENT CARDINALITY',
    "SHOW MEASUREMENTS WHERE host = 'b'",
    'SELECT * FROM cpu',
    'SELECT usage FROM cpu GROUP BY *',
  ])('is refused %s with the reason', async (q) => {
    const { status, body } = await influxql(shop, q)
    expect(status).toBe(403)
    expect(JSON.parse(body)).toEqual({ error: expect.stringContaining('with grants') })
  })

  it('is refused a cast that has no meaning, whoever has such a field', async () => {
    const { status, body } = await influxql(shop, 'SELECT median(state::string) FROM cpu')
    expect(status).toBe(403)
    expect(JSON.parse(body)).toEqual({
      error: expect.stringContaining('unsupported median iterator type'),
    })
  })

  it('finds its records, and is told of no key or stream of others', async () => {
    const { body } = await elasticsearch(shop, '/_search', { size: 10, sort: ['_doc'] })
    const { hits, _shards } = JSON.parse(body)
    expect(hits.total.value).toBe(1)
    expect(hits.hits).toMatchObject([{ _source: { deployment: 'shop' }, sort: [0] }])
    expect(_shards.total).toBe(1)
    for (const path of ['/_mapping', '/_field_caps?fields=*', '/_resolve/index/*']) {
      const told = await elasticsearch(shop, path)
      expect(told.status).toBe(200)
      expect(told.body).not.toMatch(/of_web|of_shop|logs-warren/)
      if (!path.startsWith('/_resolve')) expect(told.body).toContain('"@timestamp"')
    }
  })

  it('is refused Flux', async () => {
    for (const [method, path] of [
      ['POST', 'query'],
      ['GET', 'buckets'],
    ]) {
      const url = `/gateway/influxdb/api/v2/${path}`
      const headers = { ...bearer(shop), 'content-type': 'application/json' }
      const response = await test.fetch(url, { method: method ?? '', headers })
      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({
        message: expect.stringContaining('Flux cannot be limited to deployments'),
      })
    }
  })

  it('is refused by every route but the one that says who it is', async () => {
    const document = (await (await test.fetch('/api/openapi.json')).json()) as {
      paths: Record<string, Record<string, unknown>>
    }
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(routes.length).toBeGreaterThan(30)
    const admitted: string[] = []
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ')
      const url = path.replace(/\{\w+\}/g, 'x')
      const response = await test.fetch(url, { method, headers: bearer(shop) })
      const { detail } = (await response.json().catch(() => ({}))) as { detail?: string }
      const isRefused = /cannot be limited to deployments|needs the role/.test(detail ?? '')
      if (response.status !== 403 || !isRefused) admitted.push(route)
    }
    // Signing in asks for a password, whoever asks.
    expect(admitted.sort()).toEqual(['GET /api/v1/sessions/current', 'POST /api/v1/sessions'])
    const collected = await test.fetch('/collect/write', { method: 'POST', headers: bearer(shop) })
    expect(collected.status).toBe(403)
  })
})

describe('the grants of a token', () => {
  const create = async (body: object, token: string) => {
    const headers = { ...bearer(token), 'content-type': 'application/json' }
    const sent = { method: 'POST', headers, body: JSON.stringify({ name: 'x', ...body }) }
    const response = await test.fetch('/api/v1/tokens', sent)
    return { status: response.status, body: (await response.json()) as object }
  }

  it('are made by managers, shown, and told to their bearer', async () => {
    const manager = await test.tokenOf('manager')
    const made = await create({ role: 'viewer', deployments: ['web', 'shop', 'web'] }, manager)
    expect(made).toMatchObject({ status: 201, body: { deployments: ['shop', 'web'] } })
    const { items } = (await (
      await test.fetch('/api/v1/tokens', { headers: bearer(manager) })
    ).json()) as { items: readonly { id: string }[] }
    const { id, secret } = made.body as { id: string; secret: string }
    expect(items.find((item) => item.id === id)).toMatchObject({ deployments: ['shop', 'web'] })
    const session = await test.fetch('/api/v1/sessions/current', { headers: bearer(secret) })
    expect(await session.json()).toMatchObject({ role: 'viewer', deployments: ['shop', 'web'] })
  })

  it.each([
    { role: 'manager', deployments: ['shop'] },
    { role: 'viewer', deployments: [] },
    { role: 'viewer', deployments: [''] },
    { role: 'viewer', deployments: Array.from({ length: 33 }, (_, at) => `d${at}`) },
  ])('are not %j', async (body) => {
    expect((await create(body, await test.tokenOf('manager'))).status).toBe(400)
  })
})
