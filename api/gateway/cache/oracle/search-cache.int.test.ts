import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duckdb } from '@warren/stores/logs/duckdb'
import { searchCacheContract } from './search-cache.contract.ts'

searchCacheContract('the embedded store', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'warren-search-cache-'))
  return {
    open: () => duckdb.create(duckdb.settings.parse({}), { dataDir }),
    refresh: async () => undefined,
    stop: () => rm(dataDir, { recursive: true, force: true }),
  }
})
