import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openSearchApi, type SearchApi, totalOf } from './testing.ts'

let api: SearchApi
beforeAll(async () => {
  api = await openSearchApi()
})
afterAll(() => api?.test.close())
beforeEach(() => api.begin())

describe('an answer', () => {
  it('is of its own tenant, for equal texts', async () => {
    const answers = []
    for (const secret of [api.token, api.otherToken, api.token, api.otherToken])
      answers.push(await api.search(api.lastHour({ size: 10 }), { secret }))
    expect(answers.map(({ cache }) => cache?.slice(0, 4))).toEqual(['miss', 'miss', 'hit;', 'hit;'])
    expect(answers[1]?.text).toContain('secret')
    expect(answers[3]?.text).toBe(answers[1]?.text)
    for (const at of [0, 2]) expect(answers[at]?.text).not.toContain('secret')
  })

  it('is within the grants of who asks, for equal texts', async () => {
    await api.write('default', ['shop one'], { deployment: 'shop' })
    const granted = async (...deployments: readonly string[]) =>
      api.test.tokenOf('viewer', 'default', deployments)
    const asked = [
      [await granted('shop'), 'miss; age=0'],
      [await granted('shop'), 'hit; age=0'],
      [await granted('web'), 'miss; age=0'],
      [api.token, 'miss; age=0'],
    ] as const
    const totals = []
    for (const [secret, cache] of asked) {
      const answer = await api.search(api.lastHour({ size: 10 }), { secret })
      expect(answer.cache).toBe(cache)
      totals.push(totalOf(answer))
    }
    expect(totals).toEqual([1, 1, 0, 4])
  })

  it('is nobody’s whose token was revoked', async () => {
    const secret = await api.test.tokenOf('manager')
    const before = await api.search(api.lastHour(), { secret })
    const { items } = (await (
      await api.test.fetch('/api/v1/tokens', { headers: { authorization: `Bearer ${secret}` } })
    ).json()) as { items: { id: string; name: string }[] }
    const id = items.find(({ name }) => name === 'manager')?.id
    const revoked = await api.test.fetch(`/api/v1/tokens/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${secret}` },
    })
    expect([before.cache, revoked.status]).toEqual(['miss; age=0', 204])
    expect((await api.search(api.lastHour(), { secret })).status).toBe(401)
  })
})

describe('who is answered from memory', () => {
  it('is told of errors with the id of his own request', async () => {
    const { search: real } = api.test.logStore
    api.test.logStore.search = async (asked) => {
      api.store.searches.push(asked)
      await new Promise((resolve) => setTimeout(resolve, 200))
      return {
        error: { root_cause: [], type: 'x', reason: 'a shard is missing' },
        status: 503,
      }
    }
    const both = await Promise.all([api.search(api.lastHour()), api.search(api.lastHour())])
    api.test.logStore.search = real
    expect(api.store.searches).toHaveLength(1)
    for (const { status, json, id } of both) {
      expect(status).toBe(503)
      expect(json.error.reason).toBe(`a shard is missing (request ${id})`)
    }
    expect((await api.search(api.lastHour())).cache).toBe('miss; age=0')
  })

  it('is counted and told of, and pays no cost that no store had', async () => {
    const headers = { 'x-dashboard-uid': 'wall of logs' }
    const answers = []
    for (let at = 0; at < 3; at += 1) answers.push(await api.search(api.lastHour(), { headers }))
    const response = await api.test.fetch('/api/v1/query-insights?by=dashboard', {
      headers: { authorization: `Bearer ${api.token}` },
    })
    const { items } = (await response.json()) as { items: { name: string; cost: number }[] }
    const wall = items.find(({ name }) => name === 'wall of logs')
    expect(wall).toMatchObject({ queries: 3, hit: 2, miss: 1, refused: 0, rows: 3 })
    expect(wall?.cost).toBeGreaterThan(0)
    expect(wall).toMatchObject({ savedCost: 2 * (wall?.cost ?? 0) })
    const id = answers[0]?.id
    const told = await api.test.fetch(`/api/v1/query-insights/requests/${id}`, {
      headers: { authorization: `Bearer ${api.token}` },
    })
    expect(await told.json()).toMatchObject({
      items: [{ state: 'miss', text: expect.stringContaining('warren.tenant') }],
    })
    const counted = await api.test.metrics.getSingleMetricAsString('warren_api_log_answers_total')
    expect(counted).toMatch(/warren_api_log_answers_total\{cache="hit"\} [1-9]/)
  })

  it('is counted in the limits first, each search', async () => {
    const secret = await api.test.tokenOf('admin')
    const authorization = `Bearer ${secret}`
    const path = '/api/v1/limits/tenants/other'
    const etag =
      (await api.test.fetch(path, { headers: { authorization } })).headers.get('etag') ?? ''
    const put = await api.test.fetch(path, {
      method: 'PUT',
      body: JSON.stringify({ logs: { requests: [{ seconds: 1000, most: 2 }] } }),
      headers: { authorization, 'content-type': 'application/json', 'if-match': etag },
    })
    expect(put.status).toBe(200)
    const statuses = []
    for (let at = 0; at < 4; at += 1)
      statuses.push((await api.search(api.lastHour(), { secret: api.otherToken })).status)
    expect(statuses).toEqual([200, 200, 429, 429])
  })
})
