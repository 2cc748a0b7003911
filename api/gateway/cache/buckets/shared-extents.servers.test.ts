import { type Broker, openBroker } from '@warren/broker/open'
import { lateKeys } from '@warren/contracts/late-data'
import { exchanges } from '@warren/contracts/topology'
import { createLog } from '@warren/platform/log'
import { silentLog } from '@warren/platform/log.testing'
import { secretSchema } from '@warren/platform/secret'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { startRedis } from '@warren/test-servers/redis'
import type { TestServer } from '@warren/test-servers/test-server'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRedis } from '../../../redis/open-redis.ts'
import { type RunningApi, startApi } from '../../../serve.ts'
import { apiSettingsSchema } from '../../../settings.ts'
import { openTestApi, type TestApi } from '../../../testing.ts'

const log = silentLog()
const patience = { timeout: 60_000, interval: 100 }

let redis: TestServer
let rabbitmq: TestRabbitmq
let broker: Broker
let test: TestApi
let first: RunningApi
let second: RunningApi
/** Of both instances. */
let nowMs = Date.now() - (Date.now() % 10_000)
const endMs = nowMs - 600_000

beforeAll(async () => {
  ;[redis, rabbitmq] = await Promise.all([startRedis(), startRabbitmq({ queues: false })])
  broker = openBroker({ url: rabbitmq.url, name: 'test', log })
  const shared = {
    ...{ tapBroker: { broker, url: 'amqp://x', users: undefined }, now: () => nowMs },
    storeName: 'the store of this test',
  }
  const redisUrl = redis.url
  test = await openTestApi({ redisUrl }, shared)
  const { catalog, metricStore, logStore } = test
  first = test.api
  second = await startApi({
    ...{ catalog, metricStore, logStore, parts: () => [], version: '0.0.0', ...shared },
    settings: apiSettingsSchema.parse({ port: 0, redisUrl }),
    consoleDir: undefined,
    log,
    metrics: new Registry(),
  })
  await write('default', endMs - 300_000, 1)
  await write('other', endMs - 300_000, 1000)
})
afterAll(async () => {
  await second?.close()
  await test?.close()
  await broker?.close()
  await Promise.all([rabbitmq?.close(), redis?.close()])
})

async function write(tenant: string, ms: number, value: number) {
  const bytes = Buffer.from(`cpu,host=a,tenant=${tenant} v=${value} ${ms}000000\n`)
  await test.metricStore.write({ tenant, bytes, starts: Uint32Array.of(0, bytes.length) })
}

/** The sum of ten minutes that are over, of a kind of question that `number` tells from others, and how it came about. */
async function ask(api: RunningApi, token: string, number: number) {
  nowMs += 5000
  const q = `SELECT sum("v") FROM "cpu" WHERE "v" > -${number} AND time >= ${endMs - 600_000}ms AND time < ${endMs}ms GROUP BY time(10s) fill(none)`
  const path = `/gateway/influxdb/query?${new URLSearchParams({ db: 'warren', epoch: 'ms', q })}`
  const response = await fetch(`${api.url}${path}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const { results } = (await response.json()) as {
    results: { series?: { values: [number, number][] }[] }[]
  }
  const values = results[0]?.series?.[0]?.values ?? []
  return {
    status: response.status,
    sum: values.reduce((sum, [, value]) => sum + value, 0),
    state: response.headers.get('x-warren-cache')?.split(';')[0],
  }
}

/** Other questions until both hear of what comes late, and have for longer than clocks may differ. */
async function untilHeard(token: string) {
  for (const [index, api] of [first, second].entries())
    await expect.poll(async () => (await ask(api, token, 900 + index)).state, patience).toBe('hit')
  nowMs += 60_000
}

let asked = 0
/** Asks one instance, then the other for the first time, of a new kind each time, until what the first had was a hit there. */
async function untilShared(token: string) {
  let found = { status: 0, sum: 0, state: undefined as string | undefined }
  const attempt = async () => {
    asked += 1
    await ask(first, token, asked)
    // It is put there in the background.
    await new Promise((resolve) => setTimeout(resolve, 100))
    found = await ask(second, token, asked)
    return found.state
  }
  await expect.poll(attempt, patience).toBe('hit')
  return found
}

it('gives one instance what another has asked for, its own tenant’s, until it comes late, and goes on without Redis', async () => {
  const token = await test.tokenOf('viewer')
  const others = await test.tokenOf('viewer', 'other')
  await untilHeard(token)
  expect(await untilShared(token)).toEqual({ status: 200, sum: 1, state: 'hit' })
  // The same question of another tenant is another one.
  expect(await ask(second, others, asked)).toEqual({ status: 200, sum: 1000, state: 'miss' })

  const known = asked
  asked += 1
  // The second has nothing of it yet.
  expect((await ask(first, token, asked)).sum).toBe(1)
  await write('default', endMs - 200_000, 100)
  const spans = [{ measurement: 'cpu', oldestMs: endMs - 200_000, newestMs: endMs - 200_000 }]
  const body = Buffer.from(JSON.stringify({ tenant: 'default', spans }))
  const message = { exchange: exchanges.late, key: lateKeys.late, body }
  await broker.publisher().publish({ ...message, contentType: 'application/json' })
  // What each had, and what stands in Redis from before.
  for (const api of [first, second])
    await expect.poll(async () => (await ask(api, token, known)).sum, patience).toBe(101)
  expect((await ask(second, token, asked)).sum).toBe(101)

  // Killed in the midst of questions: none fails, none is wrong.
  const running = Array.from({ length: 20 }, (_, index) => ask(second, token, 100 + index))
  await redis.kill('SIGKILL')
  for (const { status, sum } of await Promise.all(running))
    expect([status, sum]).toEqual([200, 101])
  expect(await ask(second, token, 200)).toEqual({ status: 200, sum: 101, state: 'miss' })
  expect(await ask(second, token, 200)).toEqual({ status: 200, sum: 101, state: 'hit' })

  asked = 300
  await redis.restart()
  expect((await untilShared(token)).sum).toBe(101)

  // One that hangs is asked for some milliseconds at most, and then for a while not at all.
  await redis.kill('SIGSTOP')
  for (let number = 500; number < 510; number += 1)
    expect(await ask(second, token, number)).toEqual({ status: 200, sum: 101, state: 'miss' })
  expect(await test.metrics.getSingleMetricAsString('warren_api_shared_cache_total')).toMatch(
    /outcome="stored"} [1-9]/,
  )
  await redis.kill('SIGCONT')
  asked = 600
  expect((await untilShared(token)).sum).toBe(101)
})

it('says that Redis refuses the password, and not which', async () => {
  const warned = Promise.withResolvers<string>()
  const noted = createLog({ service: 'test', level: 'error', pretty: false })
  noted.warn = ((...given: unknown[]) => {
    warned.resolve(JSON.stringify(given))
    return noted
  }) as typeof noted.warn
  const url = secretSchema.parse(redis.url.replace('//', '//warren:swordfish@'))
  const refused = await openRedis(url, noted)
  expect(await warned.promise).toMatch(/Redis is away.*WRONGPASS/)
  expect(await warned.promise).not.toContain('swordfish')
  refused.close()
})
