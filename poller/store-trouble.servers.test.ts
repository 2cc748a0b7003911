import { setTimeout as sleep } from 'node:timers/promises'
import { influx1 } from '@warren/stores/metrics/influx1'
import { type FaultProxy, startFaultProxy } from '@warren/test-servers/fault-proxy'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  logs,
  metrics,
  openTestPoller,
  patience,
  pointsOf,
  recordsOf,
  type TestPoller,
} from './testing.ts'

let influxdb: TestServer
let proxy: FaultProxy
let rig: TestPoller
/** Of every write that the proxy hands on. */
let delayMs = 0

beforeAll(async () => {
  influxdb = await startInfluxdb()
  proxy = await startFaultProxy(influxdb.url, {
    route: async (url) => {
      if (url.startsWith('/write')) await sleep(delayMs)
      return url
    },
  })
  const settings = influx1.settings.parse({ url: proxy.url, writeTimeoutMs: 3000 })
  rig = await openTestPoller(undefined, {
    metricStore: await influx1.create(settings, { dataDir: '' }),
  })
})
afterAll(async () => {
  await rig?.close()
  await proxy?.close()
  await influxdb?.close()
})
beforeEach(async () => {
  delayMs = 0
  await rig.start({ batch: { maxItems: 1000 } })
})
afterEach(() => rig.stop())

const storeHealth = () => rig.poller.health().find(({ part }) => part === 'poller/metrics store')
const writes = () => proxy.requests.filter(({ url }) => url.startsWith('/write')).length

test('an InfluxDB that hangs stops its own stream only, in red; when it goes on, every point is there once', async () => {
  await rig.publisher.publish(metrics(pointsOf('before', 10)))
  await expect.poll(() => rig.countOf('before'), patience).toEqual([10, 9])
  await influxdb.kill('SIGSTOP')
  const first = writes()
  for (let part = 0; part < 20; part += 1)
    await rig.publisher.publish(metrics(pointsOf('hung', 100, part * 100)))
  await rig.publisher.publish(logs(recordsOf('flowing', 10), { key: 'acme.web.host1' }))
  await expect
    .poll(() => rig.logStore.streams('acme'), patience)
    .toContain('logs-warren.flowing-acme')
  await expect
    .poll(storeHealth, patience)
    .toMatchObject({ state: 'red', reason: expect.stringMatching(/did not answer within 3000 ms/) })
  await expect.poll(() => rig.counter('store_circuit_opened_total'), patience).toBeGreaterThan(0)
  // Three seconds each, a few at once: not a request every moment.
  expect(writes() - first).toBeLessThan(20)
  await influxdb.kill('SIGCONT')
  await expect.poll(() => rig.countOf('hung'), patience).toEqual([2000, 1999])
  await expect.poll(storeHealth, patience).toMatchObject({ state: 'green' })
  await expect.poll(() => rig.counter('store_circuit_open'), patience).toBe(0)
  expect(await rig.parked()).toEqual([])
})

test('an InfluxDB that answers 429 is left alone as long as it asks, and then gets everything', async () => {
  const busy = {
    kind: 'answer',
    status: 429,
    headers: { 'retry-after': '2', 'content-type': 'application/json' },
    body: '{"error":"too busy"}',
  } as const
  // The poller asks for its health, too, so several requests meet the fault.
  proxy.inject(busy, busy, busy)
  const first = writes()
  for (let part = 0; part < 10; part += 1)
    await rig.publisher.publish(metrics(pointsOf('busy', 100, part * 100)))
  await expect
    .poll(storeHealth, patience)
    .toMatchObject({ state: 'red', reason: expect.stringMatching(/429 too busy/) })
  await expect.poll(() => rig.counter('store_circuit_opened_total'), patience).toBeGreaterThan(0)
  await expect.poll(() => rig.countOf('busy'), patience).toEqual([1000, 999])
  expect(writes() - first).toBeLessThan(20)
})

test('an InfluxDB that is slow gets smaller batches, and larger ones again when it is not', async () => {
  delayMs = 2100
  let sent = 0
  const send = async () => {
    await rig.publisher.publish(metrics(pointsOf('slow', 200, sent * 200)))
    sent += 1
  }
  const limit = async () => {
    await send()
    // Over both streams; nothing is sent to the log store.
    return (await rig.counter('batch_items_limit')) - 1000
  }
  await expect.poll(limit, patience).toBeLessThanOrEqual(250)
  expect((await rig.counter('store_writes_limit')) - 4).toBe(1)
  delayMs = 0
  await expect.poll(limit, patience).toBe(1000)
  await expect.poll(() => rig.countOf('slow'), patience).toEqual([sent * 200, sent * 200 - 1])
})
