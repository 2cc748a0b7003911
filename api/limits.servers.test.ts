import { createLog } from '@warren/platform/log'
import { startRedis } from '@warren/test-servers/redis'
import type { TestServer } from '@warren/test-servers/test-server'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningApi, startApi } from './serve.ts'
import { apiSettingsSchema } from './settings.ts'
import { openTestApi, type TestApi } from './testing.ts'

/** Longer than a test: a window that ends in its midst would count anew. */
const seconds = 3600
const most = 20
const patience = { timeout: 60_000, interval: 200 }

let redis: TestServer
let warren: TestApi
let second: RunningApi
beforeAll(async () => {
  redis = await startRedis()
  warren = await openTestApi({ redisUrl: redis.url })
  const { catalog, metricStore, logStore } = warren
  second = await startApi({
    ...{ catalog, metricStore, logStore, parts: () => [], version: '0.0.0' },
    settings: apiSettingsSchema.parse({ port: 0, redisUrl: redis.url }),
    consoleDir: undefined,
    log: createLog({ service: 'api', level: 'error', pretty: false }),
    metrics: new Registry(),
  })
})
afterAll(async () => {
  await second?.close()
  await warren?.close()
  await redis?.close()
})

/** The tenant's limit as an instance tells it after one more query, and what is left of it. */
async function ask(api: RunningApi, token: string) {
  const query = `/gateway/influxdb/query?db=warren&q=${encodeURIComponent('SHOW MEASUREMENTS')}`
  const answer = await fetch(`${api.url}${query}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const [, q] = /requests-\d+s";q=(\d+)/.exec(answer.headers.get('ratelimit-policy') ?? '') ?? []
  const [, r] = /requests-\d+s";r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '') ?? []
  return { status: answer.status, most: Number(q), left: Number(r) }
}

it('counts for two instances together, each for its half while Redis is away, and together again', async () => {
  const token = await warren.tokenOf('viewer', 'shared')
  const version = await warren.catalog.queryLimits.put(
    'shared',
    { tenant: { requests: [{ seconds, most }], cost: [] } },
    0,
  )
  expect(version).toBe(1)
  // Set past both instances: each finds it by itself.
  for (const api of [warren.api, second])
    await expect.poll(async () => (await ask(api, token)).most, patience).toBe(most)
  const one = await ask(warren.api, token)
  const other = await ask(second, token)
  expect(other.left).toBe(one.left - 1)
  const left = other.left

  await redis.kill('SIGKILL')
  // Half of the limit is each one's own, from the moment that Redis does not answer.
  for (const api of [warren.api, second])
    await expect.poll(async () => (await ask(api, token)).most, patience).toBe(most / 2)
  const alone = await ask(warren.api, token)
  expect(alone.status).toBe(200)
  const others = await ask(second, token)
  for (let query = 0; query < alone.left; query++)
    expect((await ask(warren.api, token)).status).toBe(200)
  expect((await ask(warren.api, token)).status).toBe(429)
  expect((await ask(second, token)).left).toBe(others.left - 1)

  await redis.restart()
  for (const api of [warren.api, second])
    await expect.poll(async () => (await ask(api, token)).most, patience).toBe(most)
  const again = await ask(warren.api, token)
  expect((await ask(second, token)).left).toBe(again.left - 1)
  expect(again.left).toBeGreaterThan(0)
  expect(left).toBeGreaterThan(0)

  // One that hangs is away as well: nobody waits for it for long.
  await redis.kill('SIGSTOP')
  for (const api of [warren.api, second])
    await expect.poll(async () => (await ask(api, token)).most, patience).toBe(most / 2)
  await redis.kill('SIGCONT')
  for (const api of [warren.api, second])
    await expect.poll(async () => (await ask(api, token)).most, patience).toBe(most)
})
