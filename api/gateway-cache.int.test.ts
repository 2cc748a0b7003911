import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing.ts'

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
  const wrong = 'SELECT mean("usage") FROM "cpu" GROUP BY time(0s)'
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
    '{"error":"database not found: other"}\n',
  ])
})
