import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duckdb } from '@warren/stores/metrics/duckdb'
import { afterAll } from 'vitest'
import { rollupsContract } from './rollups.contract.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'warren-rolled-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

rollupsContract('the embedded store', {
  open: () => duckdb.create(duckdb.settings.parse({}), { dataDir }),
})
