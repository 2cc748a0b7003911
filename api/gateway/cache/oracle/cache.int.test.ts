import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duckdb } from '@warren/stores/metrics/duckdb'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { changesContract } from './cache.changes.contract.ts'
import { cacheContract } from './cache.contract.ts'
import { createOracle } from './oracle.ts'
import { liveByChance } from './random-life.ts'

let dataDir: string
let store: MetricStore
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-cache-'))
  store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
})
afterAll(async () => {
  await store.close()
  await rm(dataDir, { recursive: true, force: true })
})

it('answers as the store answers the same question, whatever is written and asked', async () => {
  const seed = Number(process.env['WARREN_SEED'] ?? 7)
  const oracle = createOracle(store, Date.UTC(2026, 10, 20, 12) + seed)
  const { wrong, states } = await liveByChance(oracle, { seed, rounds: 8, panels: 40 })
  expect(wrong).toBeUndefined()
  expect(states['partial']).toBeGreaterThan(20)
})

const open = () => createOracle(store, Date.UTC(2026, 10, 19, 12))
cacheContract('the embedded store', open)
changesContract('the embedded store', open)
