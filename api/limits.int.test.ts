import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing.ts'

let warren: TestApi
let admin: string
beforeAll(async () => {
  warren = await openTestApi()
  admin = await warren.tokenOf('admin')
  for (const tenant of ['a', 'b', 'refused']) await warren.catalog.tenants.ensure(tenant)
})
afterAll(() => warren?.close())

const as = (token: string, more: object = {}) => ({
  headers: { authorization: `Bearer ${token}`, ...more },
})

async function put(path: string, body: object) {
  const before = await warren.fetch(path, as(admin))
  const answer = await warren.fetch(path, {
    method: 'PUT',
    body: JSON.stringify(body),
    ...as(admin, {
      'content-type': 'application/json',
      'if-match': before.headers.get('etag') ?? '',
    }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

const query = (token: string, text: string, headers: object = {}) =>
  warren.fetch(
    `/gateway/influxdb/query?db=warren&q=${encodeURIComponent(text)}`,
    as(token, headers),
  )

/** Lines without tags but those of the tenant. */
async function write(tenant: string, lines: readonly string[]): Promise<void> {
  const texts = lines.map((line) => `${line.replace(/ /, `,tenant=${tenant} `)}\n`)
  const starts = new Uint32Array(texts.length + 1)
  for (const [at, text] of texts.entries()) starts[at + 1] = (starts[at] ?? 0) + text.length
  await warren.metricStore.write({ tenant, bytes: Buffer.from(texts.join('')), starts })
}

const search = async (token: string, body: object, headers: object = {}) => {
  const answer = await warren.fetch('/gateway/elasticsearch/_msearch', {
    method: 'POST',
    body: `{}\n${JSON.stringify(body)}\n{}\n${JSON.stringify(body)}\n`,
    ...as(token, { 'content-type': 'application/x-ndjson', ...headers }),
  })
  return { status: answer.status, body: (await answer.json()) as { responses: unknown[] } }
}

it('refuses what is above a limit, with the seconds in the text of each protocol, and others go on', async () => {
  const viewer = await warren.tokenOf('viewer', 'a')
  const other = await warren.tokenOf('viewer', 'b')
  const { status, body } = await put('/api/v1/limits/tenants/a', {
    tenant: { requests: [{ seconds: 1000, most: 3 }] },
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({ tenant: 'a', effective: { maxCost: 50_000 } })
  const first = await query(viewer, 'SHOW MEASUREMENTS')
  expect(first.headers.get('ratelimit-policy')).toMatch(/^"tenant-requests-1000s";q=3;w=1000, "/)
  expect(first.headers.get('ratelimit')).toMatch(/^"tenant-requests-1000s";r=2;t=\d+, "/)
  expect((await search(viewer, { size: 0 })).body.responses).toMatchObject([
    { status: 200 },
    { status: 200 },
  ])
  const fourth = await query(viewer, 'SHOW MEASUREMENTS')
  expect(fourth.status).toBe(429)
  const wait = fourth.headers.get('retry-after') ?? ''
  expect(wait).toMatch(/^\d+$/)
  expect(fourth.headers.get('ratelimit')).toMatch(/^"tenant-requests-1000s";r=0;t=/)
  const text = `the limit of the tenant is used up: 3 queries in 1000 s; retry in ${wait} s`
  expect(await fourth.json()).toEqual({ error: expect.stringContaining(text) })
  const searched = await search(viewer, { size: 0 })
  expect(searched.status).toBe(200)
  expect(searched.body.responses).toMatchObject([
    { status: 429, error: { reason: expect.stringMatching(/retry in \d+ s \(request \S+\)$/) } },
    { status: 429, error: { root_cause: [{ type: 'es_rejected_execution_exception' }] } },
  ])
  // Alert rules and other tenants have windows of their own.
  expect((await query(viewer, 'SHOW MEASUREMENTS', { 'x-rule-uid': 'r' })).status).toBe(200)
  expect((await query(other, 'SHOW MEASUREMENTS')).status).toBe(200)
})

it('counts users and tokens apart, in requests and in cost, several windows each', async () => {
  const viewer = await warren.tokenOf('viewer', 'b')
  await put('/api/v1/limits/tenants/b', {
    user: { requests: [{ seconds: 1000, most: 2 }] },
    metrics: {
      cost: [
        { seconds: 500, most: 1000 },
        { seconds: 1000, most: 5 },
      ],
    },
  })
  const ask = async (user: string) =>
    (await query(viewer, 'SHOW MEASUREMENTS', { 'x-grafana-user': user })).status
  expect([await ask('ann'), await ask('ann'), await ask('ann')]).toEqual([200, 200, 429])
  expect(await ask('bob')).toBe(200)
  await put('/api/v1/limits/tenants/b', { metrics: { cost: [{ seconds: 999, most: 5 }] } })
  const text = 'SELECT mean(v) FROM m WHERE time > now() - 30d GROUP BY time(1m)'
  const dear = await query(viewer, text, { 'cache-control': 'no-cache' })
  expect(await dear.json()).toEqual({
    error: expect.stringMatching(/metrics is used up: 5 units of cost in 999 s; retry in \d+ s/),
  })
})

it('counts what is refused nowhere: whose own limit is used up takes nothing from the others', async () => {
  const viewer = await warren.tokenOf('viewer', 'refused')
  const set = await put('/api/v1/limits/tenants/refused', {
    tenant: {
      requests: [{ seconds: 1000, most: 5 }],
      cost: [{ seconds: 1000, most: 20 }],
    },
    user: { requests: [{ seconds: 1000, most: 2 }] },
  })
  expect(set).toMatchObject({ status: 200 })
  const ask = async (user: string, text = 'SHOW MEASUREMENTS') =>
    (await query(viewer, text, { 'x-grafana-user': user, 'cache-control': 'no-cache' })).status
  const asked = []
  for (let number = 0; number < 12; number++) asked.push(await ask('runaway'))
  expect(asked.filter((status) => status === 200)).toHaveLength(2)
  const dear = `SELECT ${'mean(v),'.repeat(20)}mean(v) FROM m WHERE time > now() - 30d GROUP BY time(1m)`
  expect(await ask('dear', dear)).toBe(429)
  expect([await ask('ann'), await ask('bob'), await ask('eve')]).toEqual([200, 200, 200])
  expect(await ask('late')).toBe(429)
})

it('refuses a query that costs too much, and one that a rule blocks, and says how to go on', async () => {
  const viewer = await warren.tokenOf('viewer', 'default')
  const means = Array.from({ length: 600 }, () => 'mean(v)').join(',')
  const range = 'time > now() - 30d GROUP BY time(3s)'
  const dear = await query(viewer, `SELECT ${means} FROM m WHERE ${range}`)
  expect(dear.status).toBe(422)
  expect(await dear.json()).toEqual({
    error: expect.stringMatching(
      /^the query costs about [\d,]+ units, and the limit maxCost is 50,000; ask for a shorter/,
    ),
  })
  const aggs = (depth: number): object => ({
    ...{
      a: { terms: { field: 'host.name', size: 10_000 }, aggs: depth > 0 ? aggs(depth - 1) : {} },
    },
  })
  expect((await search(viewer, { size: 0, aggs: aggs(3) })).body.responses[0]).toMatchObject({
    status: 422,
    error: { reason: expect.stringContaining('maxCost') },
  })
  const blocked = [
    { name: 'no-secrets', pattern: 'FROM .*secret[0-9]+', reason: 'ask the ops team' },
    { name: 'old-wall', dashboard: 'wall' },
  ]
  expect((await put('/api/v1/limits/defaults', { blocked })).status).toBe(200)
  const ruled = await query(viewer, 'SELECT v FROM "secret7"')
  expect([ruled.status, await ruled.json()]).toEqual([
    403,
    {
      error: expect.stringContaining(
        'no-secrets of the limits blocks this query: ask the ops team',
      ),
    },
  ])
  const fromWall = { 'x-dashboard-uid': 'wall' }
  expect((await query(viewer, 'SHOW MEASUREMENTS', fromWall)).status).toBe(403)
  expect((await search(viewer, { size: 0 }, fromWall)).body.responses[1]).toMatchObject({
    status: 403,
  })
  expect((await query(viewer, 'SHOW MEASUREMENTS')).status).toBe(200)
  const { body } = await put('/api/v1/limits/defaults', {
    blocked: [{ name: 'bad', pattern: '(?=x)' }],
  })
  expect(body).toMatchObject({ code: 'invalid', errors: [{ pointer: '/blocked/0/pattern' }] })
  const etag = (await warren.fetch('/api/v1/limits/defaults', as(admin))).headers.get('etag') ?? ''
  const gone = await warren.fetch('/api/v1/limits/defaults', {
    method: 'DELETE',
    ...as(admin, { 'if-match': etag }),
  })
  expect(gone.status).toBe(204)
  expect((await query(viewer, 'SHOW MEASUREMENTS', fromWall)).status).toBe(200)
})

it('lets only admins set limits, managers read their own, and nobody overwrite unseen', async () => {
  const manager = await warren.tokenOf('manager', 'a')
  const path = '/api/v1/limits/tenants/a'
  const setting = (token: string, headers: object) =>
    warren.fetch(path, {
      method: 'PUT',
      body: '{}',
      ...as(token, { 'content-type': 'application/json', ...headers }),
    })
  expect((await warren.fetch(path, as(manager))).status).toBe(200)
  expect((await warren.fetch('/api/v1/limits/tenants/b', as(manager))).status).toBe(403)
  expect((await setting(manager, { 'if-match': '"1"' })).status).toBe(403)
  expect((await setting(admin, {})).status).toBe(428)
  expect((await setting(admin, { 'if-match': '"77"' })).status).toBe(412)
  expect((await warren.fetch('/api/v1/limits/tenants/nobody', as(admin))).status).toBe(404)
})

it('cuts a query that costs too much where its tenant wants that, and says so to who asked it alone', async () => {
  const token = await warren.tokenOf('viewer', 'clamped')
  await warren.catalog.tenants.ensure('clamped')
  const minuteMs = 60_000
  const endMs = Math.floor(Date.now() / 3_600_000) * 3_600_000
  await write(
    'clamped',
    Array.from({ length: 600 }, (_, n) => `m v=${n} ${endMs - (n + 1) * minuteMs}000000`),
  )
  const range = (fromMs: number) => `time >= ${fromMs}ms AND time < ${endMs}ms`
  const text = (fromMs: number) =>
    `SELECT count(v) FROM m WHERE ${range(fromMs)} GROUP BY time(1h) fill(none)`
  const dear = text(endMs - 200 * 3_600_000)
  expect((await put('/api/v1/limits/tenants/clamped', { maxCost: 1.5 })).status).toBe(200)
  expect((await query(token, dear)).status).toBe(422)
  const limits = { maxCost: 1.5, clamp: true }
  expect(await put('/api/v1/limits/tenants/clamped', limits)).toMatchObject({
    body: { effective: limits },
  })
  const answer = await query(token, dear)
  type Results = { results: [{ series: [{ values: [string, number][] }]; messages?: object[] }] }
  const { results } = (await answer.json()) as Results
  const [[first] = ['']] = results[0].series[0].values
  expect(results[0].messages).toEqual([
    {
      level: 'warning',
      text: expect.stringMatching(
        /^the query would cost about \d+ units, and the limit maxCost is 2: its range is cut to begin at 20.*Z; ask for a shorter range/,
      ),
    },
  ])
  const since = /begin at (\S+);/.exec(JSON.stringify(results[0].messages))?.[1] ?? ''
  expect(Date.parse(first)).toBeGreaterThanOrEqual(Date.parse(since))
  expect(await (await query(token, text(Date.parse(since)))).json()).toEqual({
    results: [{ statement_id: 0, series: results[0].series }],
  })
  const id = answer.headers.get('x-request-id')
  const insight = await warren.fetch(`/api/v1/query-insights/requests/${id}`, as(token))
  expect(await insight.json()).toMatchObject({ items: [{ clampedFrom: since }] })
  for (const [refused, headers] of [
    [`${dear}; ${dear}`, {}],
    [dear, { 'x-rule-uid': 'r' }],
  ] as const)
    expect((await query(token, refused, headers)).status).toBe(422)
})

it('counts the series that a query reads, of its own tenant alone, and asks rollups where they are too many', async () => {
  const nowMs = Date.now()
  for (const [tenant, hosts] of [
    ['crowd', 60],
    ['lone', 1],
  ] as const) {
    await warren.catalog.tenants.ensure(tenant)
    const lines = Array.from({ length: hosts * 18 }, (_, n) => {
      const ms = nowMs - 600_000 * (1 + Math.floor(n / hosts))
      return `m,host=h${n % hosts} v=${n} ${ms}000000`
    })
    await write(tenant, lines)
    expect((await put(`/api/v1/limits/tenants/${tenant}`, { maxCost: 20 })).status).toBe(200)
  }
  for (let waiting = 1; waiting > 0; )
    waiting = (await warren.metricStore.rollUp?.(nowMs))?.waiting ?? 0
  const asks = async (tenant: string, call: string, condition = '') => {
    const token = await warren.tokenOf('viewer', tenant)
    const where = `time >= now() - 24h ${condition}`
    const text = `SELECT ${call}(v) FROM m WHERE ${where} GROUP BY time(10m) fill(none)`
    const { status, headers } = await query(token, text, { 'cache-control': 'no-cache' })
    return [status, headers.get('x-warren-resolution')]
  }
  const soon = { timeout: 20_000, interval: 200 }
  await expect.poll(() => asks('crowd', 'median'), soon).toEqual([422, null])
  await expect.poll(() => asks('crowd', 'mean'), soon).toEqual([200, 'raw+5m'])
  for (const condition of ["AND host = 'h1'", 'AND host =~ /^(h1|h2)$/']) {
    const answers = []
    for (let n = 0; n < 3; n += 1) answers.push(await asks('crowd', 'median', condition))
    expect(answers).toEqual(Array(3).fill([200, 'raw']))
  }
  expect(await asks('lone', 'median')).toEqual([200, 'raw'])
})
