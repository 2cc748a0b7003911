import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@warren/platform/log'
import { openTestCatalog } from '@warren/stores/catalog/testing'
import { toItemNames } from '@warren/stores/item-names'
import { duckdb as duckdbLogs } from '@warren/stores/logs/duckdb'
import { duckdb as duckdbMetrics } from '@warren/stores/metrics/duckdb'
import { joinIds } from '@warren/stores/record-ids'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { retainAll } from './keep-retention.ts'

const now = () => Date.parse('2026-03-10T06:00:00Z')
const nowNs = BigInt(now()) * 1_000_000n
const log = createLog({ service: 'test', level: 'error', pretty: false })

let dataDir: string
let catalog: Awaited<ReturnType<typeof openTestCatalog>>
let metricStore: Awaited<ReturnType<typeof duckdbMetrics.create>>
let logStore: Awaited<ReturnType<typeof duckdbLogs.create>>
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-retention-'))
  catalog = await openTestCatalog(['acme'])
  metricStore = await duckdbMetrics.create(duckdbMetrics.settings.parse({}), { dataDir })
  logStore = await duckdbLogs.create(duckdbLogs.settings.parse({}), { dataDir })
})
afterAll(async () => {
  await Promise.all([catalog.close(), metricStore.close(), logStore.close()])
  await rm(dataDir, { recursive: true })
})

async function writeDay(tenant: string, daysAgo: number): Promise<void> {
  const line = Buffer.from(`cpu v=1 ${nowNs - BigInt(daysAgo) * 86_400_000_000_000n}\n`)
  const starts = new Uint32Array([0, line.length])
  expect(await metricStore.write({ tenant, bytes: line, starts })).toEqual({ refused: [] })
  const id = String(daysAgo).padStart(32, '0')
  const time = new Date(now() - daysAgo * 86_400_000).toISOString()
  const record = Buffer.from(
    `${JSON.stringify({ id, '@timestamp': time, message: `${daysAgo} days old` })}\n`,
  )
  const lines = { bytes: record, starts: new Uint32Array([0, record.length]) }
  await logStore.write({ tenant, ...lines, ids: joinIds([id]), datasets: toItemNames(['generic']) })
}

const oldest = async () => ({
  metrics: (await metricStore.disk?.oldest({ before: '2026-03-11' }))?.day,
  logs: (await logStore.disk?.oldest({ before: '2026-03-11' }))?.day,
})

it('keeps what each tenant keeps, though one store fails', async () => {
  await catalog.catalog.tenants.ensure('default')
  await catalog.catalog.retention.put('acme', {
    ...{ metricsDays: 2, metrics5mDays: 60, metrics1hDays: 365, logsDays: 60 },
  })
  for (const tenant of ['default', 'acme'])
    for (const daysAgo of [50, 20, 1]) await writeDay(tenant, daysAgo)
  const options = {
    ...{ metricStore, logStore, log, now },
    catalog: catalog.catalog,
    registry: new Registry(),
  }
  const broken = { retain: () => Promise.reject(new Error('the store is away')) }
  expect(await retainAll({ ...options, metricStore: broken })).toMatchObject({
    message: 'the store is away',
  })
  // Of logs acme keeps 60 days.
  expect(await oldest()).toEqual({ metrics: '2026-01-19', logs: '2026-01-19' })
  expect(await retainAll(options)).toBeUndefined()
  expect(await oldest()).toEqual({ metrics: '2026-02-18', logs: '2026-01-19' })
  expect(await logStore.retain({ tenant: 'default', days: 30, nowMs: now() })).toEqual([])
  const counted = await options.registry.metrics()
  // The day of 50 days ago of default; those of 50 and 20 days ago of acme.
  expect(counted).toContain('retention_removed_total{stream="metrics"} 3')
  expect(counted).toContain('retention_removed_total{stream="logs"} 1')
})
