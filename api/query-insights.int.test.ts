import type { Insights } from '@warren/contracts/http/query-insights'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing.ts'

let warren: TestApi
const tokens: Record<string, string> = {}
beforeAll(async () => {
  warren = await openTestApi()
  for (const tenant of ['a', 'b']) {
    await warren.catalog.tenants.ensure(tenant)
    tokens[tenant] = await warren.tokenOf('viewer', tenant)
  }
  tokens['admin'] = await warren.tokenOf('admin')
  tokens['writer'] = await warren.tokenOf('writer', 'a')
})
afterAll(() => warren?.close())

const as = (who: string, headers: object = {}) => ({
  headers: { authorization: `Bearer ${tokens[who]}`, ...headers },
})

const query = (who: string, text: string, headers: object = {}) =>
  warren.fetch(`/gateway/influxdb/query?db=warren&q=${encodeURIComponent(text)}`, as(who, headers))

async function insights(who: string, wish = '') {
  const answer = await warren.fetch(`/api/v1/query-insights${wish}`, as(who))
  return { status: answer.status, body: (await answer.json()) as never }
}

it('tells a tenant of its own queries in every language, of no other', async () => {
  const headers = { 'x-dashboard-uid': 'wall', 'x-panel-id': '7', 'x-grafana-user': 'ann' }
  expect((await query('a', 'SHOW MEASUREMENTS', headers)).status).toBe(200)
  const refused = await query('a', `DROP MEASUREMENT cpu`, headers)
  expect(refused.status).toBe(403)
  const search = await warren.fetch('/gateway/elasticsearch/_msearch', {
    method: 'POST',
    body: `{}\n{"size":1}\n`,
    ...as('a', { 'content-type': 'application/x-ndjson', ...headers }),
  })
  expect(search.status).toBe(200)
  await query('b', 'SHOW DATABASES', { 'x-dashboard-uid': 'other' })

  const { body } = await insights('a', '?by=panel')
  expect(body).toMatchObject({
    total: { queries: 3, refused: 1 },
    items: [{ tenant: 'a', name: 'wall', panel: '7', isRest: false, queries: 3, refused: 1 }],
    failed: [{ protocol: 'influxql', state: 'refused', user: 'ann', credential: 'token viewer' }],
  })
  expect(JSON.stringify(body)).not.toContain('other')
  expect((await insights('b')).body).toMatchObject({ items: [{ name: 'other' }] })
})

it('finds the query of a request, for its tenant and for admins', async () => {
  const { headers } = await query('a', 'SELECT mean(v) FROM cpu WHERE "password" = \'hunter2\'', {
    'cache-control': 'no-cache',
  })
  const id = headers.get('x-request-id')
  const find = (who: string, wish = '') => insights(who, `/requests/${id}${wish}`)
  expect(await find('a')).toMatchObject({
    status: 200,
    body: { items: [{ requestId: id, text: expect.stringMatching(/password" = <secret>/) }] },
  })
  expect((await find('b')).status).toBe(404)
  expect((await find('admin')).status).toBe(404)
  expect((await find('admin', '?tenant=*')).status).toBe(200)
  expect((await find('admin', '?tenant=a')).status).toBe(200)
})

it('finds a query by what its error says in a panel', async () => {
  const indices = Array.from({ length: 2000 }, (_, at) => `logs-${at}`)
  const searched = await warren.fetch('/gateway/elasticsearch/_msearch', {
    method: 'POST',
    body: `${JSON.stringify({ index: indices })}\n{"size":1}\n`,
    ...as('a', { 'content-type': 'application/x-ndjson' }),
  })
  for (const answer of [await query('a', 'DROP MEASUREMENT cpu'), searched]) {
    // The text ends with it; Elasticsearch's says it twice.
    const [, id] = /[^ ] \(request ([\w-]+)\)"/.exec(await answer.text()) ?? []
    expect(id).toBe(answer.headers.get('x-request-id'))
    expect(await insights('a', `/requests/${id}`)).toMatchObject({
      body: { items: [{ requestId: id, state: expect.stringMatching(/refused|error/) }] },
    })
  }
})

it('shows what could not be read as it was sent, without its secrets', async () => {
  for (const [path, wanted] of [
    [
      'db=warren&q=SELECT nonsense WHERE "token" = \'hunter2',
      'SELECT nonsense WHERE "token" = <secret>',
    ],
    ['db=warren&q=DROP MEASUREMENT cpu', 'DROP MEASUREMENT cpu'],
    ['db=telegraf&q=SHOW MEASUREMENTS', ''],
  ] as const) {
    const answer = await warren.fetch(`/gateway/influxdb/query?${path}`, as('a'))
    const id = answer.headers.get('x-request-id')
    expect(await insights('a', `/requests/${id}`)).toMatchObject({
      body: { items: [{ requestId: id, state: 'refused', text: wanted }] },
    })
  }
})

it('shows searches that could not be read, each of a body, or a body once', async () => {
  const post = (path: string, body: string) =>
    warren.fetch(`/gateway/elasticsearch/${path}`, {
      ...{ method: 'POST', body },
      ...as('a', { 'content-type': 'application/x-ndjson' }),
    })
  const wild = '{"query":{"query_string":{"query":"*oops"}}}'
  const start = expect.stringMatching(/^a wildcard at the start of \[\*oops\]/)
  const answers = [
    { answer: await post('_msearch', `{}\n${wild}\n{}\n{"size":0}\n`), reasons: [start, null] },
    { answer: await post('_search', wild), reasons: [start] },
    {
      answer: await post('_msearch', '{}\n{}\n{}\n'),
      reasons: [expect.stringContaining('pairs of lines')],
    },
  ]
  for (const { answer, reasons } of answers) {
    const id = answer.headers.get('x-request-id')
    const { body } = await insights('a', `/requests/${id}`)
    const { items } = body as { items: { reason: string | null; text: string }[] }
    const byReason = items.toSorted((one) => (one.reason === null ? 1 : -1))
    expect(byReason.map(({ reason }) => reason)).toEqual(reasons)
    expect(byReason[0]?.text).toMatch(/oops|^\{\}\n/)
  }
})

it('lets admins alone see other tenants, and writers nothing', async () => {
  expect(await insights('admin', '?tenant=*&by=tenant')).toMatchObject({ status: 200 })
  for (const wish of ['?tenant=b', '?tenant=*'])
    expect((await insights('a', wish)).status).toBe(403)
  expect((await insights('writer')).status).toBe(403)
  expect((await insights('admin', '?tenant=none')).status).toBe(404)
  expect((await insights('a', '?window=2d')).status).toBe(400)
})

it('tells admins alone how the stores are asked just now', async () => {
  const { stores } = (await insights('admin')).body as Insights
  expect(stores.map(({ store }) => store)).toEqual(['metrics', 'logs'])
  for (const { limit, found, most, running, waiting } of stores) {
    expect([running, waiting]).toEqual([0, 0])
    expect(most).toBeGreaterThanOrEqual(found)
    expect(limit).toBeGreaterThan(0)
  }
  const { value } = (await warren.metrics.getSingleMetric('warren_api_store_limit_found')?.get())
    ?.values[0] ?? { value: 0 }
  expect(stores[0]?.found).toBe(value)
  expect((await insights('a')).body).toMatchObject({ stores: [] })
})
