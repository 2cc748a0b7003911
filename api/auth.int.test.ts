import { sessionSchema } from '@warren/contracts/http/sessions'
import { createdTokenSchema, tokenListSchema } from '@warren/contracts/http/tokens'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hashOf } from './auth/secrets.ts'
import { adminPassword, openTestApi, type TestApi } from './testing.ts'

let test: TestApi
beforeAll(async () => {
  test = await openTestApi()
})
afterAll(() => test.close())

const json = { 'content-type': 'application/json' }
const own = { ...json, 'x-warren-console': '1' }
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

const signIn = (user: string, password: string) =>
  test.fetch('/api/v1/sessions', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ user, password }),
  })

async function openSession(): Promise<string> {
  const response = await signIn('admin', adminPassword)
  expect(response.status).toBe(201)
  return String(response.headers.get('set-cookie')?.split(';')[0])
}

const current = (headers: Record<string, string>) =>
  test.fetch('/api/v1/sessions/current', { headers })

it('signs in, knows the session and signs out', async () => {
  const response = await signIn('admin', adminPassword)
  const cookie = String(response.headers.get('set-cookie'))
  expect(cookie).toMatch(/^warren_session=[\w-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/)
  const session = sessionSchema.parse(await response.json())
  expect(session).toMatchObject({ user: 'admin', role: 'admin', tenant: 'default' })
  const headers = { cookie: String(cookie.split(';')[0]) }
  expect(await (await current(headers)).json()).toEqual(session)
  const out = await test.fetch('/api/v1/sessions/current', {
    method: 'DELETE',
    headers: { ...headers, 'x-warren-console': '1' },
  })
  expect(out.status).toBe(204)
  expect((await current(headers)).status).toBe(401)
})

it('takes a change with a cookie only from its own pages', async () => {
  const cookie = await openSession()
  const create = (headers: Record<string, string>) =>
    test.fetch('/api/v1/tokens', {
      method: 'POST',
      headers: { ...json, cookie, ...headers },
      body: JSON.stringify({ name: 'x', role: 'viewer' }),
    })
  const statuses = await Promise.all(
    [
      {},
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site', origin: test.api.url },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
      { origin: test.api.url },
      { 'sec-fetch-site': 'same-origin' },
      { 'x-warren-console': '1' },
    ].map(async (headers) => (await create(headers)).status),
  )
  expect(statuses).toEqual([403, 403, 403, 403, 403, 201, 201, 201])
})

it('makes, lists, uses and revokes tokens', async () => {
  const cookie = await openSession()
  const response = await test.fetch('/api/v1/tokens', {
    method: 'POST',
    headers: { ...own, cookie },
    body: JSON.stringify({ name: 'ci', role: 'viewer', expiresInDays: 7 }),
  })
  const token = createdTokenSchema.parse(await response.json())
  expect(token.secret).toMatch(/^wrn_[\w-]{43}$/)
  expect(Date.parse(token.expiresAt) - Date.parse(token.createdAt)).toBe(7 * 86_400_000)
  for (const headers of [
    { authorization: `Bearer ${token.secret}` },
    { authorization: `Token ${token.secret}` },
    basic('anyone', token.secret),
  ])
    expect((await (await current(headers)).json()) as object).toMatchObject({ role: 'viewer' })
  const listed = async () => {
    const text = await (await test.fetch('/api/v1/tokens', { headers: { cookie } })).text()
    expect(text).not.toContain(token.secret)
    return tokenListSchema.parse(JSON.parse(text)).items.find(({ id }) => id === token.id)
  }
  // Written behind the request's back.
  await expect.poll(listed).toMatchObject({ name: 'ci', lastUsedAt: expect.any(String) })
  const remove = () =>
    test.fetch(`/api/v1/tokens/${token.id}`, { method: 'DELETE', headers: { ...own, cookie } })
  expect((await remove()).status).toBe(204)
  expect((await remove()).status).toBe(404)
  expect((await current({ authorization: `Bearer ${token.secret}` })).status).toBe(401)
})

it('denies by default: each role may do what its routes name', async () => {
  const statusOf = async (
    role: Parameters<TestApi['tokenOf']>[0],
    method: string,
    path: string,
  ) => {
    const headers = { ...json, authorization: `Bearer ${await test.tokenOf(role)}` }
    const body = method === 'POST' ? JSON.stringify({ name: 'x', role: 'manager' }) : undefined
    return (await test.fetch(path, { method, headers, ...(body && { body }) })).status
  }
  expect(await statusOf('viewer', 'GET', '/api/v1/status')).toBe(200)
  expect(await statusOf('viewer', 'GET', '/api/v1/dead-letters')).toBe(403)
  expect(await statusOf('operator', 'GET', '/api/v1/dead-letters')).toBe(200)
  expect(await statusOf('editor', 'DELETE', '/api/v1/dead-letters')).toBe(403)
  expect(await statusOf('editor', 'DELETE', '/api/v1/dead-letters/x')).toBe(403)
  expect(await statusOf('editor', 'POST', '/api/v1/tokens')).toBe(403)
  expect(await statusOf('manager', 'POST', '/api/v1/tokens')).toBe(201)
  for (const path of [
    '/api/v1/sessions/current',
    '/api/v1/tokens',
    '/api/v1/dead-letters',
    '/api/v1/logs/tail',
    '/gateway/influxdb/ping',
    '/gateway/elasticsearch/',
  ])
    expect([path, await statusOf('writer', 'GET', path)]).toEqual([path, 403])
  expect(await statusOf('viewer', 'POST', '/collect/write')).toBe(403)
})

it('keeps a manager inside the tenant', async () => {
  const headers = { ...json, authorization: `Bearer ${await test.tokenOf('manager')}` }
  const create = (tenant: string, as: Record<string, string> = headers) =>
    test.fetch('/api/v1/tokens', {
      method: 'POST',
      headers: as,
      body: JSON.stringify({ name: 'x', role: 'viewer', tenant }),
    })
  await test.catalog.tenants.ensure('acme')
  expect((await create('acme')).status).toBe(403)
  const admin = { ...json, ...basic('admin', adminPassword) }
  expect((await create('acme', admin)).status).toBe(201)
  expect((await create('nobody', admin)).status).toBe(404)
})

it('does not tell which users exist, and locks one out after five failures', async () => {
  const { users } = test.catalog
  const admin = await users.find('admin')
  await users.put({
    name: 'bob',
    passwordHash: String(admin?.passwordHash),
    role: 'viewer',
    tenant: 'default',
  })
  const unknown = await signIn('nobody', 'wrong')
  for (let attempt = 0; attempt < 5; attempt++) {
    const response = await signIn('bob', `wrong ${attempt}`)
    expect(response.status).toBe(401)
    const { detail } = (await response.json()) as { detail: string }
    if (attempt === 0) expect(detail).toBe(((await unknown.json()) as { detail: string }).detail)
  }
  expect((await signIn('bob', adminPassword)).status).toBe(401)
  expect((await current(basic('bob', adminPassword))).status).toBe(401)
  const locked = await users.find('bob')
  const leftMs = (locked?.lockedUntil?.getTime() ?? 0) - Date.now()
  expect(leftMs).toBeGreaterThan(14 * 60_000)
  expect(leftMs).toBeLessThanOrEqual(15 * 60_000)
  // A right password is limited as a wrong one is: nothing tells that it was guessed.
  const statuses: number[] = []
  for (let attempt = 0; attempt < 5; attempt++)
    statuses.push((await signIn('bob', adminPassword)).status)
  expect(statuses).toEqual([401, 401, 401, 429, 429])
})

it('limits wrong passwords of one user, and says how long to wait', async () => {
  const statuses: number[] = []
  for (let attempt = 0; attempt < 11; attempt++) {
    const response = await signIn('mallory', `guess ${attempt}`)
    statuses.push(response.status)
    if (response.status === 429)
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429])
})

it('answers a burst of basic credentials, as a dashboard sends it, at the cost of one', async () => {
  const responses = await Promise.all(
    Array.from({ length: 40 }, () => current(basic('admin', adminPassword))),
  )
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
})

it('refuses a token that has expired', async () => {
  const day = 86_400_000
  const put = (secret: string, expiresAt: number) =>
    test.catalog.tokens.create({
      id: secret,
      name: secret,
      role: 'viewer',
      tenant: 'default',
      isAlerting: false,
      deployments: undefined,
      secretHash: hashOf(secret),
      createdAt: new Date(Date.now() - 2 * day),
      expiresAt: new Date(expiresAt),
      lastUsedAt: null,
    })
  await put('wrn_new', Date.now() + day)
  await put('wrn_old', Date.now() - 1000)
  expect((await current({ authorization: 'Bearer wrn_new' })).status).toBe(200)
  expect((await current({ authorization: 'Bearer wrn_old' })).status).toBe(401)
})
