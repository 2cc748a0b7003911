import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestApi } from '../../testing.ts'
import { openSearchApi, responsesOf, type SearchApi, totalOf } from './testing.ts'

let api: SearchApi
beforeAll(async () => {
  api = await openSearchApi()
})
afterAll(() => api?.test.close())
beforeEach(() => api.begin())

describe('X-Warren-Cache', () => {
  it('tells of a search how it came about', async () => {
    const first = await api.search(api.lastHour())
    api.clock.nowMs += 3000
    const second = await api.search(api.lastHour())
    expect([first.cache, second.cache]).toEqual(['miss; age=0', 'hit; age=3'])
    expect(second.text).toBe(first.text)
    api.clock.nowMs += 2000
    expect((await api.search(api.lastHour())).cache).toBe('miss; age=0')
    expect(api.store.searches).toHaveLength(2)
  })

  it('tells of a body what its worst search is', async () => {
    const [one, another] = [api.lastHour(), api.lastHour({ size: 2 })]
    const first = await api.msearch([one])
    api.clock.nowMs += 2000
    const same = await api.msearch([api.lastHour()])
    expect([first.cache, same.cache]).toEqual(['miss; age=0', 'hit; age=2'])
    expect(responsesOf(same)).toBe(responsesOf(first))
    const both = await api.msearch([one, another])
    expect(both.cache).toBe('miss; age=2')
    expect((await api.msearch([one, another, one])).cache).toBe('hit; age=2')
    expect(api.store.searches).toHaveLength(2)
    const noCache = { headers: { 'cache-control': 'no-cache' } }
    expect((await api.msearch([one, another], noCache)).cache).toBe('bypass; age=0')
  })

  it('asks once for equal searches of a body', async () => {
    const { json, cache } = await api.msearch([api.lastHour(), api.lastHour(), api.lastHour()])
    expect(api.store.searches).toHaveLength(1)
    expect(cache).toBe('miss; age=0')
    expect(json.responses[1]).toEqual(json.responses[0])
    expect(json.responses[2]).toMatchObject({ status: 200, hits: { total: { value: 3 } } })
  })

  it('is not on an answer that is an error', async () => {
    const wrong = { query: { script: {} } }
    expect((await api.search(wrong)).cache).toBeNull()
    expect((await api.msearch([wrong])).cache).toBeNull()
    expect((await api.msearch([wrong, api.lastHour()])).cache).toBe('miss; age=0')
  })
})

describe('an answer', () => {
  it('is what the store holds now for alert rules and who forbids caching, over the range as it is', async () => {
    api.clock.nowMs += 1234
    await api.search(api.lastHour())
    await api.write('default', ['fresh'])
    const forbids = [{ 'cache-control': 'no-cache' }, { 'x-rule-uid': 'r1' }]
    for (const headers of forbids) {
      const fresh = await api.search(api.lastHour(), { headers })
      expect([fresh.cache, totalOf(fresh)]).toEqual(['bypass; age=0', 4])
      expect(JSON.stringify(api.store.searches.at(-1)?.request.query)).toContain(
        `"lte":${api.clock.nowMs}`,
      )
    }
    expect(totalOf(await api.search(api.lastHour()))).toBe(3)
  })

  it('is the same in one piece and in several, plain and packed', async () => {
    const messages = Array.from({ length: 1500 }, (_, at) => `${at} ${'long '.repeat(50)}`)
    await api.write('default', messages)
    const bodies = [api.lastHour({ size: 2000 }), api.lastHour({ size: 3 })]
    const plain = { headers: { 'accept-encoding': 'identity' } }
    const first = await api.msearch(bodies, plain)
    expect(first.text.length).toBeGreaterThan(500_000)
    const packed = await api.msearch(bodies)
    expect([first.cache, packed.cache]).toEqual(['miss; age=0', 'hit; age=0'])
    expect(responsesOf(packed)).toBe(responsesOf(first))
    const again = await api.msearch(bodies, plain)
    expect(responsesOf(again)).toBe(responsesOf(first))
    const fresh = await api.msearch(bodies, {
      headers: { 'accept-encoding': 'identity', 'cache-control': 'no-cache' },
    })
    const withoutTook = (text: string) => text.replace(/"took":\d+/g, '')
    expect(withoutTook(fresh.text)).toBe(withoutTook(first.text))
    const metric = api.test.metrics.getSingleMetric('warren_api_answer_memory_bytes')
    await expect.poll(async () => (await metric?.get())?.values[0]?.value).toBe(0)
  })
})

describe('a search on its way', () => {
  it('goes on for the others when the first has left, and is given up when all have', async () => {
    const open = Promise.withResolvers<void>()
    api.store.gate = open.promise
    const [leaving, leaving2] = [new AbortController(), new AbortController()]
    const first = api.search(api.lastHour(), { signal: leaving.signal }).catch(() => 'left')
    await expect.poll(() => api.store.searches.length).toBe(1)
    const looksBefore = api.clock.looks
    const second = api.search(api.lastHour())
    const third = api.search(api.lastHour(), { signal: leaving2.signal }).catch(() => 'left')
    // Each api.clock.looks when it is priced, moved and looked up: then it waits.
    await expect.poll(() => api.clock.looks - looksBefore).toBe(6)
    leaving.abort()
    expect(await first).toBe('left')
    leaving2.abort()
    expect(await third).toBe('left')
    expect(api.store.searches[0]?.signal.aborted).toBe(false)
    open.resolve()
    expect(totalOf(await second)).toBeGreaterThan(0)

    api.clock.nowMs += 5000
    api.store.gate = new Promise(() => undefined)
    const last = new AbortController()
    const alone = api.search(api.lastHour(), { signal: last.signal }).catch(() => 'left')
    await expect.poll(() => api.store.searches.length).toBeGreaterThan(1)
    last.abort()
    expect(await alone).toBe('left')
    await expect.poll(() => api.store.searches.at(-1)?.signal.aborted).toBe(true)
  })
})

it('asks the store each time where the cache is off', async () => {
  const off = await openTestApi({ queries: { cache: { maxBytes: 0 } } })
  try {
    const secret = await off.tokenOf('viewer')
    const send = () =>
      off.fetch('/gateway/elasticsearch/_search', {
        method: 'POST',
        body: '{}',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      })
    for (let at = 0; at < 2; at += 1) {
      const answer = await send()
      expect([answer.status, answer.headers.get('x-warren-cache')]).toEqual([200, null])
    }
  } finally {
    await off.close()
  }
})
