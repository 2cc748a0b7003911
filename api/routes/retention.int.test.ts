import { retentionSchema } from '@warren/contracts/http/retention'
import { tenantListSchema } from '@warren/contracts/http/tenants'
import { createdTokenSchema, tokenListSchema } from '@warren/contracts/http/tokens'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../testing.ts'

const byDefault = { metricsDays: 30, metrics5mDays: 180, metrics1hDays: 730, logsDays: 30 }

let test: TestApi
beforeAll(async () => {
  test = await openTestApi()
})
afterAll(() => test.close())

type Role = Parameters<TestApi['tokenOf']>[0]

/** `GET /api/v1/…` as who has the role, with a body if any. */
async function ask(role: Role, call: string, body?: object) {
  const [method = '', path = ''] = call.split(' ')
  const authorization = `Bearer ${await test.tokenOf(role)}`
  const headers = { authorization, 'content-type': 'application/json' }
  return test.fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
}

it('shows and sets how long a tenant keeps its data', async () => {
  const path = '/api/v1/retention'
  const shown = await ask('viewer', `GET ${path}`)
  expect(await shown.json()).toEqual({ tenant: 'default', ...byDefault })
  const days = { metricsDays: 7, logsDays: 90 }
  const rollups = { metrics5mDays: 60, metrics1hDays: 365 }
  expect((await ask('operator', `PUT ${path}`, days)).status).toBe(403)
  expect((await ask('manager', `PUT ${path}`, { ...days, logsDays: 0 })).status).toBe(400)
  expect((await ask('manager', `PUT ${path}`, { metricsDays: 7 })).status).toBe(400)
  expect((await ask('manager', `PUT ${path}`, days)).status).toBe(200)
  const kept = retentionSchema.parse(await (await ask('viewer', `GET ${path}`)).json())
  expect(kept).toEqual({ tenant: 'default', ...byDefault, ...days })
  expect((await ask('manager', `PUT ${path}`, { ...days, ...rollups })).status).toBe(200)
  const again = await ask('manager', `PUT ${path}`, days)
  expect(await again.json()).toEqual({ tenant: 'default', ...days, ...rollups })
})

it('lets admins alone make tenants, and look after what is theirs', async () => {
  const tenants = '/api/v1/tenants'
  expect((await ask('manager', `GET ${tenants}`)).status).toBe(403)
  expect((await ask('manager', `POST ${tenants}`, { name: 'acme' })).status).toBe(403)
  expect((await ask('admin', `POST ${tenants}`, { name: 'Not-plain' })).status).toBe(400)
  expect((await ask('admin', `POST ${tenants}`, { name: 'acme' })).status).toBe(201)
  expect((await ask('admin', `POST ${tenants}`, { name: 'acme' })).status).toBe(409)
  const { items } = tenantListSchema.parse(await (await ask('admin', `GET ${tenants}`)).json())
  expect(items.map(({ name }) => name)).toEqual(['acme', 'default'])
  const of = '?tenant=acme'
  expect(
    (await ask('manager', `PUT /api/v1/retention${of}`, { metricsDays: 1, logsDays: 1 })).status,
  ).toBe(403)
  expect((await ask('admin', 'GET /api/v1/retention?tenant=nobody')).status).toBe(404)
  expect(await (await ask('admin', `GET /api/v1/retention${of}`)).json()).toMatchObject({
    tenant: 'acme',
  })
})

it('lets admins alone list and revoke the tokens of another tenant', async () => {
  await test.catalog.tenants.ensure('acme')
  const path = '/api/v1/tokens'
  const made = await ask('admin', `POST ${path}`, {
    name: 'of acme',
    role: 'viewer',
    tenant: 'acme',
  })
  const { id } = createdTokenSchema.parse(await made.json())
  const listed = await ask('admin', `GET ${path}?tenant=acme`)
  expect(tokenListSchema.parse(await listed.json()).items.map((token) => token.id)).toEqual([id])
  expect((await ask('manager', `GET ${path}?tenant=acme`)).status).toBe(403)
  expect((await ask('manager', `DELETE ${path}/${id}`)).status).toBe(404)
  expect((await ask('manager', `DELETE ${path}/${id}?tenant=acme`)).status).toBe(403)
  expect((await ask('admin', `DELETE ${path}/${id}?tenant=acme`)).status).toBe(204)
})
