import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing.ts'

let warren: TestApi
let admin: string
let viewer: string
beforeAll(async () => {
  warren = await openTestApi()
  admin = await warren.tokenOf('admin')
  viewer = await warren.tokenOf('viewer')
})
afterAll(() => warren?.close())

const as = (token: string, more: object = {}) => ({
  headers: { authorization: `Bearer ${token}`, ...more },
})

const list = (path: string, init: object = {}) =>
  warren.fetch(`/gateway/elasticsearch/${path}`, { ...as(viewer), ...init })

async function limitTo(body: object): Promise<void> {
  const path = '/api/v1/limits/tenants/default'
  const etag = (await warren.fetch(path, as(admin))).headers.get('etag') ?? ''
  const headers = { 'content-type': 'application/json', 'if-match': etag }
  const init = { method: 'PUT', body: JSON.stringify(body), ...as(admin, headers) }
  expect((await warren.fetch(path, init)).status).toBe(200)
}

/** What the insights say of the one query of a request. */
async function recordOf(answer: Response): Promise<unknown> {
  const id = answer.headers.get('x-request-id')
  const found = await warren.fetch(`/api/v1/query-insights/requests/${id}`, as(viewer))
  const { items } = (await found.json()) as { items: readonly unknown[] }
  expect(items).toHaveLength(1)
  return items[0]
}

it.each([
  ['logs-*/_field_caps?fields=@timestamp,host*', '/logs-*/_field_caps?fields=@timestamp,host*'],
  ['_field_caps', '/_field_caps?fields=*'],
  ['logs-%2A/_mapping', '/logs-*/_mapping'],
  ['_resolve/index/%2A', '/_resolve/index/*'],
])('%s is on record as %s', async (path, text) => {
  const answer = await list(path)
  expect(answer.status).toBe(200)
  const bytes = Number(answer.headers.get('content-length'))
  expect(await recordOf(answer)).toMatchObject({
    ...{ protocol: 'elasticsearch', state: 'miss', reason: null },
    ...{ text, bytes, cost: 1 },
  })
})

it('what could not be read is on record, too, and costs nothing', async () => {
  const refused = await list('logs/_mapping?q=x')
  expect(refused.status).toBe(400)
  expect(await recordOf(refused)).toMatchObject({
    ...{ text: '/logs/_mapping', state: 'refused', cost: 0 },
    reason: expect.stringContaining('unrecognized parameter: [q]'),
  })
})

it('rules block lists by what they ask', async () => {
  const rules = [
    { name: 'no-secrets', text: '/secret-' },
    { name: 'no-passwords', pattern: '_field_caps.*password' },
  ]
  await limitTo({ blocked: rules })
  const body = JSON.stringify({ fields: ['user', 'password'] })
  const sent = { method: 'POST', body, ...as(viewer, { 'content-type': 'application/json' }) }
  for (const [path, init] of [
    ['secret-%2A/_mapping', {}],
    ['_resolve/index/secret-x', {}],
    ['logs/_field_caps?fields=password', {}],
    ['_field_caps', sent],
  ] as const) {
    const answer = await list(path, init)
    const reason = expect.stringMatching(/^the rule no-(secrets|passwords) of the limits blocks/)
    expect(await answer.json()).toMatchObject({ status: 403, error: { reason } })
  }
  expect((await list('logs/_mapping')).status).toBe(200)
})

it('lists are counted against the limits as searches are', async () => {
  await limitTo({ logs: { cost: [{ seconds: 1000, most: 3 }] } })
  const left: unknown[] = []
  for (const path of ['_resolve/index/%2A', '_mapping', '_field_caps', '_resolve/index/%2A']) {
    const answer = await list(path)
    left.push([
      answer.status,
      /"logs-cost-1000s";r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1],
    ])
  }
  expect(left).toEqual([
    [200, '2'],
    [200, '1'],
    [200, '0'],
    [429, '0'],
  ])
})
