import { mkdir } from 'node:fs/promises'
import { checkDisk } from '../../duckdb/check-disk.ts'
import { DayFiles } from '../../duckdb/day-files.ts'
import { openEngine } from '../../duckdb/engine.ts'
import { dropDay, oldestDay, retainDays } from '../../duckdb/retain-days.ts'
import { serveWorker, type WorkerBody } from '../../duckdb/serve-worker.ts'
import { toStoreError } from '../../duckdb/store-error.ts'
import { type MetricFileState, newFileState } from './file-state.ts'
import { prepareFile } from './prepare-file.ts'
import type { MetricWorkerMethods, MetricWorkerSettings } from './protocol.ts'
import { answerQuery } from './query.ts'
import { SeriesCache } from './series-cache.ts'
import { createStaging } from './store-rows.ts'
import { BatchWriter } from './write-batch.ts'

async function open(settings: MetricWorkerSettings): Promise<WorkerBody<MetricWorkerMethods>> {
  const { dir, maxIdleFiles } = settings
  await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
    throw toStoreError(cause)
  })
  const engine = await openEngine(settings)
  const admin = await engine.connect()
  const writing = await engine.connect()
  await createStaging(writing)
  const files = new DayFiles<MetricFileState>({
    dir,
    connection: admin,
    maxIdle: maxIdleFiles,
    prepare: async (file) => {
      await prepareFile(admin, file)
      return newFileState()
    },
  })
  const writer = new BatchWriter(writing, files)
  const context = {
    engine,
    files,
    cache: new SeriesCache(),
    maxSelectPoints: settings.maxSelectPoints,
  }
  return {
    methods: {
      write: (batch) => writer.write(batch),
      query: (query, signal) => answerQuery(context, { ...query, signal }),
      check: async () => {
        await checkDisk(dir)
        await admin.run('SELECT 1')
      },
      retain: (retention) => retainDays(files, retention),
      oldest: (wish) => oldestDay(files, wish),
      drop: (day) => dropDay(files, day),
    },
    close: async () => {
      await files.close()
      for (const connection of [admin, writing]) connection.closeSync()
      engine.close()
    },
  }
}

await serveWorker((settings) => open(settings as MetricWorkerSettings))
