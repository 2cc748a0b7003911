import { problemSchema } from '@warren/contracts/http/problem'
import { createdSenderSchema } from '@warren/contracts/http/senders'
import { statusSchema } from '@warren/contracts/http/status'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { adminPassword, openTestApi, type TestApi } from './testing.ts'

let test: TestApi
const taken: unknown[] = []
beforeAll(async () => {
  test = await openTestApi(
    { basePath: '/warren' },
    {
      collector: (_, response) => {
        const { tenant, sender } = response.locals
        taken.push({ tenant, sender })
        response.status(204).end()
      },
    },
  )
})
afterAll(() => test.close())

const authorization = `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  test.fetch(path, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

async function problemOf(response: Response | Promise<Response>) {
  const answer = await response
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  const problem = problemSchema.parse(await answer.json())
  expect(problem.status).toBe(answer.status)
  expect(problem.requestId).toBe(answer.headers.get('x-request-id'))
  const page = await fetch(`${test.api.url}${problem.type}`)
  expect([problem.type, page.status]).toEqual([`/warren/docs/errors/${problem.code}`, 200])
  return problem
}

it('answers errors as problems that point at what is wrong', async () => {
  const body = { name: '', role: 'emperor', more: 1 }
  const problem = await problemOf(post('/api/v1/tokens', body))
  expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/name', '/role', '/more'])
  expect(await problemOf(post('/api/v1/tokens', '{"name"'))).toMatchObject({ code: 'bad_request' })
  expect(
    await problemOf(post('/api/v1/tokens', 'x', { 'content-type': 'text/plain' })),
  ).toMatchObject({ status: 415 })
  expect(await problemOf(post('/api/v1/tokens', { name: 'x'.repeat(100_000) }))).toMatchObject({
    status: 413,
  })
  const invalid = [
    '/api/v1/tokens?cursor=x',
    '/api/v1/dead-letters?cursor=WyI5OTk5OTk5OTk5OTk5OTk5OTk5Il0',
  ]
  for (const path of invalid)
    expect(await problemOf(test.fetch(path, { headers: { authorization } }))).toMatchObject({
      code: 'invalid',
    })
  expect(await problemOf(post('/api/v1/tokens', { name: '\0', role: 'viewer' }))).toMatchObject({
    code: 'invalid',
  })
  expect(await problemOf(post('/api/v1/sessions', { user: 'a\0', password: 'x' }))).toMatchObject({
    code: 'invalid',
  })
  expect(await problemOf(test.fetch('/api/v1/nothing'))).toMatchObject({ code: 'not_found' })
  expect(await problemOf(test.fetch('/api/v1/tokens'))).toMatchObject({ code: 'unauthenticated' })
  const unknown = test.fetch('/api/v1/tokens?limit=5&sort=x', { headers: { authorization } })
  expect(await problemOf(unknown)).toMatchObject({
    code: 'invalid',
    errors: [{ pointer: '?sort', detail: 'unknown' }],
  })
  const put = await test.fetch('/api/v1/tokens', { method: 'PUT', headers: { authorization } })
  expect(put.headers.get('allow')).toBe('POST, GET')
  expect(await problemOf(put)).toMatchObject({ status: 405 })
})

it('echoes a request id and stays in the trace', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const response = await test.fetch('/healthz', {
    headers: { 'x-request-id': 'abc-1', traceparent },
  })
  expect(response.headers.get('x-request-id')).toBe('abc-1')
  expect(response.headers.get('traceparent')).toMatch(
    /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[\da-f]{16}-01$/,
  )
  const odd = await test.fetch('/healthz', { headers: { 'x-request-id': 'a b' } })
  expect(odd.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
})

it('shows every part, its own stores and the other services', async () => {
  const since = new Date().toISOString()
  test.parts.push({ part: 'poller', state: 'red', reason: 'the broker is away', since })
  const response = await test.fetch('/api/v1/status', { headers: { authorization } })
  const { version, parts } = statusSchema.parse(await response.json())
  expect(version).toBe('0.0.0')
  const states = parts.map(({ part, state, reason }) => [part, state, reason])
  expect(states).toEqual([
    ['api', 'green', null],
    ['api/catalog', 'green', null],
    ['api/metric store', 'green', null],
    ['api/log store', 'green', null],
    ['poller', 'red', 'the broker is away'],
  ])
  const ready = await test.fetch('/readyz?verbose')
  expect(ready.status).toBe(200)
  expect(await ready.text()).not.toContain('the broker is away')
  expect((await test.fetch('/api/v1/status')).status).toBe(401)
})

it('makes a write-only credential that the collector takes for the tenant', async () => {
  const created = await post('/api/v1/senders', { name: 'telegraf-1', kind: 'http' })
  expect(created.status).toBe(201)
  const sender = createdSenderSchema.parse(await created.json())
  expect(sender).toMatchObject({ url: `${test.api.url}/warren/collect`, tenant: 'default' })
  const pair = Buffer.from(`${sender.user}:${sender.secret}`).toString('base64')
  const written = await fetch(`${sender.url}/write?db=warren`, {
    method: 'POST',
    headers: { authorization: `Basic ${pair}` },
    body: 'cpu v=1',
  })
  expect(written.status).toBe(204)
  expect(taken).toEqual([{ tenant: 'default', sender: 'token sender telegraf-1' }])
  const read = await test.fetch('/gateway/influxdb/ping', {
    headers: { authorization: `Bearer ${sender.secret}` },
  })
  expect(read.status).toBe(403)
  expect(await problemOf(post('/api/v1/senders', { name: 'a', kind: 'amqp' }))).toMatchObject({
    code: 'not_available',
  })
})

it('serves its description, the page that shows it and a console that loads nothing from elsewhere', async () => {
  const document = (await (await test.fetch('/api/openapi.json')).json()) as {
    openapi: string
    paths: Record<string, object>
  }
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/api/v1/sessions', '/api/v1/tokens/{id}', '/api/v1/logs/tail']),
  )
  const docs = await test.fetch('/api/docs')
  expect(docs.headers.get('content-security-policy')).toContain("style-src 'self' 'unsafe-inline'")
  expect(await docs.text()).not.toContain('http')
  const bundle = await test.fetch('/api/docs/standalone.js', { method: 'HEAD' })
  expect(Number(bundle.headers.get('content-length'))).toBeGreaterThan(1_000_000)
  const page = await test.fetch('/')
  const policy = page.headers.get('content-security-policy')
  expect(policy).toContain("connect-src 'self'")
  expect(policy).not.toContain('http')
  expect((await test.fetch('/index.html')).headers.get('content-type')).toContain('text/html')
  // A client with a wrong path is told so, and gets no page.
  for (const path of ['/influxdb/query?q=x', '/hosts', '/assets'])
    expect((await test.fetch(path)).status).toBe(404)
})

it('is ready until it drains, and lets a running request end', async () => {
  const other = await openTestApi()
  try {
    expect((await other.fetch('/readyz')).status).toBe(200)
    const tail = await other.fetch('/api/v1/logs/tail', { headers: { authorization } })
    expect(tail.headers.get('x-accel-buffering')).toBe('no')
    const ended = tail.text()
    await other.api.close()
    expect(await ended).toContain('retry: 2000')
    await expect(other.api.ended).resolves.toBeUndefined()
    await expect(other.fetch('/readyz')).rejects.toThrow()
  } finally {
    await other.close()
  }
})

it('answers the status with the catalog away: to whom it knew with reasons, to others without', async () => {
  const other = await openTestApi()
  try {
    const known = { authorization: `Bearer ${await other.tokenOf('manager')}` }
    const status = async (headers: Record<string, string>) => {
      const response = await other.fetch('/api/v1/status', { headers })
      expect(response.status).toBe(200)
      const { parts } = statusSchema.parse(await response.json())
      return parts.find(({ part }) => part === 'api/catalog')
    }
    expect(await status(known)).toMatchObject({ state: 'green' })
    await other.stopCatalog()
    await expect.poll(() => status(known), { timeout: 10_000 }).toMatchObject({ state: 'red' })
    expect((await status(known))?.reason).toContain('the catalog is away')
    const stranger = await status({ authorization: 'Bearer wrn_never_seen' })
    expect(stranger).toMatchObject({ state: 'red', reason: expect.stringContaining('signed in') })
    expect((await other.fetch('/api/v1/status')).status).toBe(401)
    const tokens = await other.fetch('/api/v1/tokens', { headers: known })
    expect(tokens.status).toBe(503)
    expect(Number(tokens.headers.get('retry-after'))).toBeGreaterThan(0)
    const query = await other.fetch('/gateway/influxdb/query?db=warren&q=SHOW+MEASUREMENTS', {
      headers: known,
    })
    expect(query.status).toBe(200)
  } finally {
    await other.close()
  }
})

it('tells a sender in the shape of InfluxDB that it may not send', async () => {
  const write = async (path: string) => {
    const response = await test.fetch(path, { method: 'POST', body: 'a b=1' })
    return [response.status, await response.json()]
  }
  const text = expect.stringMatching(/^no credential: send a token or sign in \(request [\w-]+\)$/)
  expect(await write('/collect/write?db=warren')).toEqual([401, { error: text }])
  expect(await write('/collect/api/v2/write?bucket=warren')).toEqual([
    401,
    { code: 'unauthorized', message: text },
  ])
})

it.each([
  '/healthz',
  '/gateway/influxdb/ping',
  '/gateway/elasticsearch/',
  '/collect/ping',
  '/api/v1/x',
  '/',
])('lets no browser guess what %s answers', async (path) => {
  const { headers } = await test.fetch(path)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('strict-transport-security')).toBeNull()
})
