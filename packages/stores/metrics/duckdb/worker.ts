import { mkdir } from 'node:fs/promises'
import { checkDisk } from '../../duckdb/check-disk.ts'
import { DayFiles, type DayFilesOptions } from '../../duckdb/day-files.ts'
import { onConnection, openEngine } from '../../duckdb/engine.ts'
import { freeAfter } from '../../duckdb/free-after.ts'
import { oldestDay } from '../../duckdb/retain-days.ts'
import { serveWorker, type WorkerBody } from '../../duckdb/serve-worker.ts'
import { toStoreError } from '../../duckdb/store-error.ts'
import { openWriters } from '../../duckdb/writers.ts'
import type { MetricRetention } from '../metric-store.ts'
import { Compaction } from './compaction/compaction.ts'
import { type MetricFileState, newFileState } from './file-state.ts'
import { packResults } from './packed-results.ts'
import { prepareFile } from './prepare-file.ts'
import type { MetricWorkerMethods, MetricWorkerSettings } from './protocol.ts'
import { answerQuery } from './query.ts'
import { LeftPoints } from './rollups/left-points.ts'
import { oldestRollups, retainRollups } from './rollups/retain-rollups.ts'
import { RollUp } from './rollups/roll-up.ts'
import { openRollupFiles } from './rollups/rollup-files.ts'
import { SeriesCache } from './series-cache.ts'
import { createStaging } from './store-rows.ts'
import { BatchWriter } from './write-batch.ts'

/** Of one call: a worker that is closed waits for it. */
const roundMs = 5000

type PrepareFile = DayFilesOptions<MetricFileState>['prepare']

async function makeFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
    throw toStoreError(cause)
  })
}

async function open(settings: MetricWorkerSettings): Promise<WorkerBody<MetricWorkerMethods>> {
  const { dir, maxIdleFiles } = settings
  await makeFolder(dir)
  const engine = await openEngine(settings)
  const admin = await engine.connect()
  const writers = await openWriters(engine, createStaging)
  const prepare: PrepareFile = async (file) => {
    await onConnection(engine, (connection) => prepareFile(connection, file))
    return newFileState()
  }
  const files = new DayFiles({ dir, connection: admin, maxIdle: maxIdleFiles, prepare })
  const [rolling, compacting] = [await engine.connect(), await engine.connect()]
  const rollups = await openRollupFiles(dir, { engine, admin })
  const writer = new BatchWriter(writers, files, (tenant, day) => {
    rollUp.touch(tenant, day)
    compaction.touch(tenant, day)
  })
  const left = new LeftPoints({ engine, raw: files, rollups })
  const rollUp = new RollUp({ connection: rolling, raw: files, rollups, writer, left })
  const compaction = new Compaction({
    ...{ connection: compacting, files, writer },
    isRolledUp: (tenant, day) => rollUp.isComplete(tenant, day),
  })
  const kept = new Map<string, MetricRetention>()
  const context = {
    ...{ engine, files, rollups, kept },
    cache: new SeriesCache(),
    maxSelectPoints: settings.maxSelectPoints,
  }
  return {
    methods: {
      write: (batch) => freeAfter(batch, writer.write(batch)),
      query: async (query, signal) => packResults(await answerQuery(context, { ...query, signal })),
      check: async () => {
        await checkDisk(dir)
        await admin.run('SELECT 1')
      },
      firstKept: (tenant) => left.firstKept(tenant),
      rollUp: (nowMs) => rollUp.round(nowMs, roundMs),
      compact: (nowMs, signal) => compaction.round(nowMs, signal),
      retain: async (retention) => {
        kept.set(retention.tenant, retention)
        const gone = await rollUp.retain(retention, roundMs)
        return [...gone, ...(await retainRollups(rollups, retention))]
      },
      oldest: async (wish) => {
        await compaction.stop()
        return (await oldestDay(files, wish)) ?? (await oldestRollups(rollups, wish))
      },
      drop: (stored) => rollUp.giveUp(stored, roundMs),
    },
    close: async () => {
      await rollUp.close()
      for (const each of [files, ...rollups.map(({ files }) => files)]) await each.close()
      writers.close()
      for (const connection of [admin, rolling, compacting]) connection.closeSync()
      engine.close()
    },
  }
}

await serveWorker((settings) => open(settings as MetricWorkerSettings))
