import { join } from 'node:path'
import { freePort } from '@warren/test-servers/free-port'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { eventually } from './client.ts'
import { type Platform, startPlatform } from './platform.ts'
import { startPrometheus } from './senders/prometheus.ts'

const patienceMs = 60_000

let platform: Platform
let folder: string

beforeAll(async () => {
  folder = await makeTempDir('prometheus')
  platform = await startPlatform()
})
afterAll(async () => {
  await platform?.close()
  await removeTempDir(folder)
})

const untilSeries = (statement: string) =>
  eventually(async () => {
    const [series] = await platform.client.query(statement)
    return series
  }, patienceMs)

test("Prometheus' remote write arrives with its labels, time and values", async () => {
  const wish = { name: 'prometheus', kind: 'http' }
  const sender = (await platform.client.post('/api/v1/senders', wish)) as Record<string, string>
  const port = await freePort()
  const prometheus = await startPrometheus({
    ...{ folder: join(folder, 'scrapes-itself'), port },
    url: `${platform.url}/collect/api/v1/write`,
    token: sender['secret'] ?? '',
  })
  onTestFinished(() => prometheus.stop())
  const instance = `127.0.0.1:${port}`
  const where = `WHERE job = 'prometheus' AND instance = '${instance}'`
  const up = await untilSeries(`SELECT last(value) FROM up ${where}`)
  expect(up.values[0]?.[1]).toBe(1)
  const info = await untilSeries(
    `SELECT last(value) FROM prometheus_build_info ${where} GROUP BY goversion`,
  )
  expect(info.values[0]?.[1]).toBe(1)
  expect(info.tags).toEqual({ goversion: expect.stringMatching(/^go1/) })
  const ageMs = Date.now() - Number(info.values[0]?.[0]) / 1e6
  expect(ageMs).toBeLessThan(2 * patienceMs)
  await eventually(async () => {
    const [series] = await platform.client.query(`SELECT count(value) FROM up ${where}`)
    return Number(series?.values[0]?.[1]) >= 3 ? true : undefined
  }, patienceMs)
  // It scrapes OpenMetrics, where the family of a counter is called without `_total`.
  const described = await eventually(async () => {
    const path = '/api/v1/metric-metadata?measurement=process_cpu_seconds_total'
    const { items } = (await platform.client.get(path)) as { items: unknown[] }
    return items[0]
  }, patienceMs)
  expect(described).toMatchObject({
    ...{ field: 'value', mtype: 'counter', unit: 's' },
    what: expect.stringContaining('CPU time'),
  })
})
