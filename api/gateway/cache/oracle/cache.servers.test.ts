import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { changesContract } from './cache.changes.contract.ts'
import { cacheContract } from './cache.contract.ts'
import { createOracle } from './oracle.ts'
import { liveByChance } from './random-life.ts'

let server: TestServer
let store: MetricStore
beforeAll(async () => {
  server = await startInfluxdb()
  store = await openInflux1(server.url)
})
afterAll(async () => {
  await store?.close()
  await server?.close()
})

it('answers as InfluxDB answers the same question, whatever is written and asked', async () => {
  const seed = Number(process.env['WARREN_SEED'] ?? 11)
  const oracle = createOracle(store, Date.now() - 7_200_000)
  const { wrong, states } = await liveByChance(oracle, { seed, rounds: 12, panels: 50 })
  expect(wrong).toBeUndefined()
  expect(states['partial']).toBeGreaterThan(20)
})

const open = () => createOracle(store, Date.now() - 14_400_000)
cacheContract('InfluxDB', open)
changesContract('InfluxDB', open)
