import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing.ts'

let test: TestApi
beforeAll(async () => {
  test = await openTestApi()
})
afterAll(() => test.close())

it('keeps places at live tails for other tenants, and takes none for the headers alone', async () => {
  const stop = new AbortController()
  await test.catalog.tenants.ensure('acme')
  const viewer = { authorization: `Bearer ${await test.tokenOf('viewer')}` }
  const other = await test.tokenOf('viewer', 'acme')
  // Kept: a response that is forgotten is collected, and its connection closed.
  const kept: Response[] = []
  const open = async (headers: Record<string, string> = viewer, method = 'GET') => {
    const response = await test.fetch('/api/v1/logs/tail', { method, headers, signal: stop.signal })
    kept.push(response)
    return response.status
  }
  expect(await Promise.all(Array.from({ length: 20 }, () => open()))).toEqual(
    Array.from({ length: 20 }, () => 200),
  )
  expect(await open()).toBe(429)
  expect(await open(viewer, 'HEAD')).toBe(200)
  expect(await open({ authorization: `Bearer ${other}` })).toBe(200)
  expect(kept).toHaveLength(23)
  stop.abort()
})
