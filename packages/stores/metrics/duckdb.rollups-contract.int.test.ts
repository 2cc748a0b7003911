import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { duckdb } from './duckdb.ts'
import { rollupsContract } from './metric-store.rollups.contract.ts'

let dataDir: string
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'warren-rollups-'))
})
afterAll(() => rmSync(dataDir, { recursive: true }))

rollupsContract('duckdb', { open: () => duckdb.create(duckdb.settings.parse({}), { dataDir }) })
