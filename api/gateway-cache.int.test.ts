import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminPassword, openTestApi, type TestApi } from './testing.ts'

let test: TestApi
let token: string
/** Before the step of the grid that is asked for. */
let nowMs = Date.now() - 60_000

beforeAll(async () => {
  test = await openTestApi()
  token = await test.tokenOf('viewer')
  await write('cpu,host=a,tenant=default usage=1.5')
})
afterAll(() => test.close())

const write = (series: string) => {
  nowMs += 1
  const bytes = new TextEncoder().encode(`${series} ${nowMs}000000\n`)
  return test.metricStore.write({
    tenant: 'default',
    bytes,
    starts: Uint32Array.of(0, bytes.length),
  })
}

async function ask(q: string, headers: Record<string, string> = {}) {
  const path = `/gateway/influxdb/query?${new URLSearchParams({ db: 'warren', epoch: 'ms', q })}`
  const response = await test.fetch(path, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
  return { body: await response.text(), cache: response.headers.get('x-warren-cache') ?? '' }
}

/** Asks until an answer is a kept one: a step of the grid may end between two. */
async function askTwice(q: string) {
  for (let tries = 0; tries < 20; tries += 1) {
    const first = await ask(q)
    const second = await ask(q)
    if (second.cache.startsWith('hit')) return [first, second] as const
  }
  throw new Error('no answer was kept')
}

it('gives the same bytes from memory, plain and with gzip, and says so', async () => {
  const q = 'SELECT count("usage") FROM "cpu" WHERE time > now() - 1h GROUP BY time(1s) fill(null)'
  const [first, second] = await askTwice(q)
  expect(second.body).toBe(first.body)
  expect(second.body.length).toBeGreaterThan(10_000)
  expect((await ask(q, { 'accept-encoding': 'identity' })).body).toHaveLength(second.body.length)
  expect(second.cache).toMatch(/^hit; age=[0-4]$/)
})

it('answers SELECT and SHOW of one request, each with its own', async () => {
  const q = 'SELECT last("usage") FROM "cpu"; SHOW DATABASES; SHOW TAG KEYS'
  const [first, second] = await askTwice(q)
  expect(second.body).toBe(first.body)
  expect(JSON.parse(second.body)).toMatchObject({
    results: [
      { statement_id: 0, series: [{ name: 'cpu' }] },
      { statement_id: 1, series: [{ name: 'databases' }] },
      { statement_id: 2, series: [{ values: [['host']] }] },
    ],
  })
})

it('shows alert rules and who forbids caching what the store holds now', async () => {
  const q = 'SELECT count("usage") FROM "cpu"'
  await askTwice(q)
  const before = JSON.parse((await ask(q, { 'cache-control': 'no-cache' })).body)
  await write('cpu,host=a,tenant=default usage=2')
  for (const headers of [{ 'cache-control': 'no-cache' }, { 'x-rule-uid': 'r1' }]) {
    const fresh = await ask(q, headers as unknown as Record<string, string>)
    expect(fresh.cache).toBe('bypass; age=0')
    const count = before.results[0].series[0].values[0][1]
    expect(JSON.parse(fresh.body).results[0].series[0].values[0][1]).toBe(count + 1)
  }
})

it("hides no error of the store's behind 200, and keeps none", async () => {
  const wrong = 'SELECT mean("usage") FROM "cpu" GROUP BY time(1m), time(2m)'
  for (let tries = 0; tries < 2; tries += 1) {
    expect(await ask(wrong)).toEqual({ body: expect.stringMatching(/^{"error":/), cache: '' })
    const second = await ask(`SELECT last("usage") FROM "cpu"; ${wrong}`)
    expect(second.cache).not.toMatch(/^hit/)
    expect(JSON.parse(second.body).results[1]).toHaveProperty('error')
  }
})

it('takes the database from the form as from the address', async () => {
  const form = new URLSearchParams({ db: 'other', q: 'SELECT last("usage") FROM "cpu"' })
  const response = await test.fetch('/gateway/influxdb/query?db=warren', {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${token}` },
  })
  expect([response.status, await response.text()]).toEqual([
    403,
    expect.stringMatching(/^\{"error":"database not found: other \(request \S+\)"\}\n$/),
  ])
})

describe('GET /query with a token, which goes past Express', () => {
  const oldMs = Date.now() - 3_600_000
  const range = `time >= ${oldMs}ms AND time <= ${oldMs + 60_000}ms`
  const get = async (authorization: string, parameters: Record<string, string>) => {
    const path = `/gateway/influxdb/query?${new URLSearchParams(parameters)}`
    const response = await test.fetch(path, {
      headers: { authorization, 'x-request-id': 'r1', 'accept-encoding': 'gzip' },
    })
    const { date: _, traceparent = '', ...headers } = Object.fromEntries(response.headers)
    expect(traceparent).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/)
    return { status: response.status, body: await response.text(), headers }
  }

  it.each([
    ['rows', { db: 'warren', q: `SELECT count("usage") FROM "cpu" WHERE ${range}` }],
    ['an error of the language', { db: 'warren', q: 'SELEC' }],
    ['a refusal', { db: 'warren', q: 'DROP DATABASE warren' }],
    ['an unknown parameter', { db: 'warren', q: 'SHOW TAG KEYS', x: '1' }],
    ['nothing asked', { db: 'warren' }],
  ])('answers as the route does: %s', async (_, parameters) => {
    const secret = await test.tokenOf('admin')
    const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
    const [behind, ...past] = [
      await get(basic(`admin:${adminPassword}`), parameters),
      await get(`Bearer ${secret}`, parameters),
      await get(`Token ${secret}`, parameters),
      await get(basic(`grafana:${secret}`), parameters),
    ].map(({ headers: { 'x-warren-cache': _, ...headers }, ...answer }) => {
      // Each names what it was counted as last.
      const limits = headers['ratelimit']?.replace(/;r=\d+;t=\d+/g, '')
      return { ...answer, headers: { ...headers, ...(limits && { ratelimit: limits }) } }
    })
    for (const answer of past) expect(answer).toEqual(behind)
  })

  it('turns away who may not read, and says why as the route does', async () => {
    const writer = await test.tokenOf('writer')
    const parameters = { db: 'warren', q: 'SHOW TAG KEYS' }
    const refused = await get(`Bearer ${writer}`, parameters)
    expect(refused).toMatchObject({ status: 403, body: expect.stringContaining('role writer') })
    const unknown = await get('Bearer wrn_nobody', parameters)
    expect(unknown.status).toBe(401)
    expect(unknown.headers).toMatchObject({
      'www-authenticate': 'Bearer realm="warren"',
      'cache-control': 'no-store',
      'x-request-id': 'r1',
    })
  })

  it('recognises a query by all but its times, and answers each range with its own points', async () => {
    const startMs = oldMs - 600_000
    const lines = Array.from(
      { length: 6 },
      (_, at) => `m,tenant=default v=${at} ${startMs + at * 1000}000000`,
    )
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
    const starts = Uint32Array.from([
      0,
      ...lines.map((_, at) => Buffer.byteLength(lines.slice(0, at + 1).join('\n')) + 1),
    ])
    await test.metricStore.write({ tenant: 'default', bytes, starts })
    for (let first = 0; first < 5; first += 1) {
      const q = `SELECT v FROM m WHERE time >= ${startMs + first * 1000}ms AND time < ${startMs + 6000}ms`
      const { body } = await ask(q)
      const values = JSON.parse(body).results[0].series[0].values.map((row: number[]) => row[1])
      expect(values).toEqual([0, 1, 2, 3, 4, 5].slice(first))
    }
  })

  it('is counted and told of like any other', async () => {
    const { body } = await ask('SELECT v FROM m')
    expect(body).toContain('"values"')
    const counted = await test.metrics.getSingleMetricAsString('warren_api_requests_total')
    expect(counted).toContain('route="/gateway/influxdb",method="GET",status="200"')
    expect(counted).toContain('route="/gateway/influxdb",method="GET",status="403"')
  })
})
