import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { metrics, openTestPoller, patience, pointsOf, type TestPoller } from '../testing.ts'

const shards = 2
let influxdb: TestServer
let rig: TestPoller
let dataDir: string
let other: ChildProcess | undefined

beforeAll(async () => {
  influxdb = await startInfluxdb()
  dataDir = await makeTempDir('two-pollers')
  rig = await openTestPoller(undefined, { metricStore: await openInflux1(influxdb.url) })
  await rig.start({ shards })
})
afterAll(async () => {
  other?.kill('SIGKILL')
  await rig?.stop()
  await rig?.close()
  await influxdb?.close()
  await removeTempDir(dataDir)
})

/** Another poller in a process of its own, as it runs beside others. */
const startOther = (): ChildProcess =>
  spawn(process.execPath, [join(import.meta.dirname, '..', 'main.ts')], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      WARREN_AMQP_URL: rig.server.url,
      WARREN_CATALOG_URL: rig.catalog.url,
      WARREN_METRIC_STORE__TYPE: 'influx1',
      WARREN_METRIC_STORE__URL: influxdb.url,
      WARREN_LOG_STORE__TYPE: 'duckdb',
      WARREN_DATA_DIR: dataDir,
      WARREN_ADMIN_PORT: '0',
      WARREN_POLLER__SHARDS: String(shards),
    },
  })

const consumers = async () =>
  Promise.all(
    Array.from({ length: shards }, async (_, shard) => {
      const queue = await rig.broker.queues.look(`poller.metrics.${shard}`)
      return queue?.consumers
    }),
  )

test('two pollers share every shard; when one is killed, what it held goes to the other: none lost, none doubled', async () => {
  other = startOther()
  await expect.poll(consumers, patience).toEqual([2, 2])
  let sent = 0
  let going = true
  const send = async () => {
    while (going) {
      const first = sent++ * 100
      await rig.publisher.publish(metrics(pointsOf('shared', 100, first)))
    }
  }
  const senders = Promise.all(Array.from({ length: 8 }, send))
  const stored = async () => Number(((await rig.countOf('shared')) as number[] | undefined)?.[0])
  await expect.poll(stored, patience).toBeGreaterThan(5000)
  const exit = once(other, 'exit')
  other.kill('SIGKILL')
  await exit
  const atKill = sent
  await expect.poll(() => sent, patience).toBeGreaterThan(atKill + 100)
  going = false
  await senders
  await expect.poll(() => rig.countOf('shared'), patience).toEqual([sent * 100, sent * 100 - 1])
  // The one that was killed had its part in it.
  expect(await rig.counter('items_stored_total')).toBeLessThan(sent * 100)
  expect(await rig.parked()).toEqual([])
})
