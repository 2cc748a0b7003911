import { join } from 'node:path'
import { openEngine } from '../../duckdb/engine.ts'
import { freeAfter } from '../../duckdb/free-after.ts'
import { toDayWords } from '../../duckdb/retain-days.ts'
import { serveWorker } from '../../duckdb/serve-worker.ts'
import type { DayWish, Retention, StoredDay } from '../../retention.ts'
import { checkDisk } from './check-disk.ts'
import { LogFiles } from './log-files.ts'
import { searchFiles, type WorkerSearch } from './search-files.ts'
import { namesOf } from './seen-names.ts'
import type { WrittenBatch } from './to-new-records.ts'

export interface WorkerSettings {
  readonly dir: string
  readonly memoryLimitMb: number
  readonly threads: number
}

function methodsOf(files: LogFiles, dir: string) {
  return {
    write: (batch: WrittenBatch) => freeAfter(batch, files.write(batch)),
    indexWords: (nowMs: number, signal: AbortSignal) => files.indexWords(nowMs, signal),
    search: (search: WorkerSearch, signal: AbortSignal, isAlone: () => boolean) =>
      searchFiles(files, search, { signal, isAlone }),
    datasets: (tenant: string) => namesOf(files, tenant, 'stream'),
    attributes: (tenant: string) => namesOf(files, tenant, 'attribute'),
    check: (_: null) => checkDisk(dir),
    retain: async (retention: Retention) => toDayWords(await files.retain(retention)),
    oldest: (wish: DayWish) => files.oldest(wish),
    drop: (day: StoredDay) => files.drop(day),
  }
}

export type LogWorkerMethods = ReturnType<typeof methodsOf>

await serveWorker(async (settings) => {
  const { dir, memoryLimitMb, threads } = settings as WorkerSettings
  const spillDir = join(dir, 'spill')
  const files = await LogFiles.open(await openEngine({ memoryLimitMb, threads, spillDir }), dir)
  return { methods: methodsOf(files, dir), close: () => files.close() }
})
