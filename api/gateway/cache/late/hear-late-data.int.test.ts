import { type Broker, openBroker } from '@warren/broker/open'
import { lateKeys } from '@warren/contracts/late-data'
import { exchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import { type Cutter, startCutter, through } from '@warren/test-servers/cutter'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../../../testing.ts'

const log = silentLog()
const patience = { timeout: 30_000, interval: 100 }

let server: TestRabbitmq
let cutter: Cutter
let broker: Broker
let test: TestApi
let token: string
let nowMs = Date.now()

beforeAll(async () => {
  server = await startRabbitmq({ queues: false })
  cutter = await startCutter(server.amqpPort)
  broker = openBroker({ url: through(server.url, cutter), name: 'test', log })
  const tapBroker = { broker, url: 'amqp://x', users: undefined }
  test = await openTestApi({}, { tapBroker, now: () => nowMs })
  token = await test.tokenOf('viewer')
  await writeAll(Array.from({ length: 180 }, (_, index) => [nowMs - index * 10_000, 1] as const))
})
afterAll(async () => {
  await test?.close()
  await broker?.close()
  await cutter?.close()
  await server?.close()
})

async function writeAll(points: readonly (readonly [ms: number, value: number])[]) {
  const lines = points.map(
    ([ms, value]) => `cpu,host=h${ms % 7},tenant=default v=${value} ${ms}000000\n`,
  )
  const starts = [0]
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length)
  const bytes = Buffer.from(lines.join(''))
  await test.metricStore.write({ tenant: 'default', bytes, starts: Uint32Array.from(starts) })
}

const write = (ms: number, value: number) => writeAll([[ms, value]])

/** The sum of the hour up to now, one step of the grid after the last one, and what the cache says. */
async function ask() {
  nowMs += 5000
  const q = `SELECT sum("v") FROM "cpu" WHERE time >= ${nowMs - 3_600_000}ms AND time <= ${nowMs}ms GROUP BY time(10s) fill(none)`
  const path = `/gateway/influxdb/query?${new URLSearchParams({ db: 'warren', epoch: 'ms', q })}`
  const response = await test.fetch(path, { headers: { authorization: `Bearer ${token}` } })
  const { results } = (await response.json()) as {
    results: { series?: { values: [number, number][] }[] }[]
  }
  const values = results[0]?.series?.[0]?.values ?? []
  return {
    sum: values.reduce((sum, [, value]) => sum + value, 0),
    state: response.headers.get('x-warren-cache')?.split(';')[0],
  }
}

it('keeps buckets that are over until it hears of a late point in them', async () => {
  await expect.poll(async () => (await ask()).state, patience).toBe('partial')
  const lateMs = nowMs - 600_000
  await write(lateMs + 1, 1e6)
  // Nothing was said: the bucket is as it was, which shows that it is a kept one.
  expect((await ask()).sum).toBeLessThan(1e6)
  const spans = [{ measurement: 'cpu', oldestMs: lateMs, newestMs: lateMs + 999 }]
  const body = Buffer.from(JSON.stringify({ tenant: 'default', spans }))
  const message = { exchange: exchanges.late, key: lateKeys.late, body }
  await broker.publisher().publish({ ...message, contentType: 'application/json' })
  await expect.poll(async () => (await ask()).sum, patience).toBeGreaterThan(1e6)
})

it('keeps nothing from before a time in which it heard nothing', async () => {
  await expect.poll(async () => (await ask()).state, patience).toBe('partial')
  await write(nowMs - 900_000 + 1, 1e7)
  expect(await ask()).toMatchObject({ state: 'partial', sum: expect.toSatisfy((n) => n < 1e7) })
  cutter.cut()
  await expect.poll(async () => (await ask()).sum, patience).toBeGreaterThan(1e7)
  await expect.poll(async () => (await ask()).state, patience).toBe('partial')
})
