import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { duckdb } from './duckdb.ts'
import { metricStoreContract } from './metric-store.contract.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'warren-metrics-'))
afterAll(() => rmSync(dataDir, { recursive: true }))

const open = () => duckdb.create(duckdb.settings.parse({}), { dataDir })
metricStoreContract('duckdb', open, { reopen: open, reads: true })
