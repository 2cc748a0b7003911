import { createLog } from '@warren/platform/log'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningApi, startApi } from './serve.ts'
import { apiSettingsSchema } from './settings.ts'
import { openTestApi, type TestApi } from './testing.ts'

/** What is set at one instance is in force at every other. */
const promisedMs = 5000

let first: TestApi
let second: RunningApi
let admin: string
let viewer: string
beforeAll(async () => {
  first = await openTestApi()
  const { catalog, metricStore, logStore } = first
  second = await startApi({
    ...{ catalog, metricStore, logStore, parts: () => [], version: '0.0.0' },
    settings: apiSettingsSchema.parse({ port: 0 }),
    consoleDir: undefined,
    log: createLog({ service: 'api', level: 'error', pretty: false }),
    metrics: new Registry(),
  })
  await catalog.tenants.ensure('shop')
  admin = await first.tokenOf('admin')
  viewer = await first.tokenOf('viewer', 'shop')
})
afterAll(async () => {
  await second?.close()
  await first?.close()
})

const path = '/api/v1/limits/tenants/shop'

async function set(limits: object): Promise<void> {
  const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' }
  const { headers: found } = await first.fetch(path, { headers })
  const ifMatch = { 'if-match': found.get('etag') ?? '' }
  const answer = await first.fetch(path, {
    ...{ method: 'PUT', headers: { ...headers, ...ifMatch }, body: JSON.stringify(limits) },
  })
  expect(answer.status).toBe(200)
}

async function ask(text: string) {
  const address = new URLSearchParams({ db: 'warren', q: text })
  const answer = await fetch(`${second.url}/gateway/influxdb/query?${address}`, {
    headers: { authorization: `Bearer ${viewer}` },
  })
  return { status: answer.status, body: await answer.text() }
}

/** Of the instance that was told nothing; ms. */
async function timeUntil(text: string, status: number): Promise<number> {
  const startMs = performance.now()
  await expect
    .poll(async () => (await ask(text)).status, { timeout: 30_000, interval: 50 })
    .toBe(status)
  return performance.now() - startMs
}

it('blocks a query at every instance within 5 s of the rule, lets it through again, and limits', async () => {
  expect((await ask('SHOW TAG KEYS')).status).toBe(200)
  await set({ blocked: [{ name: 'no-keys', text: 'SHOW TAG KEYS', reason: 'ask the ops team' }] })
  expect(await timeUntil('SHOW TAG KEYS', 403)).toBeLessThan(promisedMs)
  expect((await ask('SHOW TAG KEYS')).body).toContain(
    'no-keys of the limits blocks this query: ask the ops team',
  )
  expect((await ask('SHOW MEASUREMENTS')).status).toBe(200)
  await set({})
  expect(await timeUntil('SHOW TAG KEYS', 200)).toBeLessThan(promisedMs)
  await set({ maxCost: 1 })
  expect(await timeUntil('SELECT v FROM m', 422)).toBeLessThan(promisedMs)
})
