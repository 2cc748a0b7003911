import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duckdb } from './duckdb.ts'
import { type LogStoreHarness, logStoreContract } from './log-store.contract.ts'
import { logRetentionContract } from './log-store.retention.contract.ts'
import { logSearchContract } from './log-store.search.contract.ts'

const start = async (): Promise<LogStoreHarness> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'warren-logs-'))
  return {
    open: () => duckdb.create(duckdb.settings.parse({}), { dataDir }),
    refresh: async () => undefined,
    stop: () => rm(dataDir, { recursive: true, force: true }),
  }
}

logStoreContract('duckdb', start)
logRetentionContract('duckdb', start)
logSearchContract('duckdb', start)
