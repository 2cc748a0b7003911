import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duckdb } from './duckdb.ts'
import { logStoreContract } from './log-store.contract.ts'

logStoreContract('duckdb', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'warren-logs-'))
  return {
    open: () => duckdb.create(duckdb.settings.parse({}), { dataDir }),
    refresh: async () => undefined,
    stop: () => rm(dataDir, { recursive: true, force: true }),
  }
})
