import { join } from 'node:path'
import { z } from 'zod'
import { StoreWorker } from '../duckdb/store-worker.ts'
import { dayRetention } from '../duckdb/worker-disk.ts'
import { joinPieces } from '../join-pieces.ts'
import { piecesOf } from '../write-outcome.ts'
import { keepCompacting } from './duckdb/compaction/keep-compacting.ts'
import { bytesUnpacked, unpackResults } from './duckdb/packed-results.ts'
import type { MetricWorkerMethods, MetricWorkerSettings } from './duckdb/protocol.ts'
import { defineMetricStore, type MetricStore } from './metric-store.ts'

const settings = z.strictObject({
  /** Of DuckDB's buffers, MB. */
  memoryLimitMb: z.int().min(32).default(96),
  /** Of the worker's JavaScript heap, MB, which a query that is too large must never reach: a series of an open day takes about 0.8 kB. */
  heapMb: z.int().min(64).default(512),
  threads: z.int().min(1).max(64).default(2),
  /** Day files that stay open while unused, beside those written to in the last minute. */
  maxIdleFiles: z.int().min(1).default(16),
  /** Values that one statement may read; each takes 16 bytes until it is answered, up to 60 when rows and not aggregates are asked for. */
  maxSelectPoints: z.int().min(1).default(3_000_000),
})

const dayMs = 86_400_000

/** The embedded store: DuckDB in a thread, one file a tenant and UTC day under `<dataDir>/metrics`. One process may have a folder open. */
export const duckdb = defineMetricStore({
  type: 'duckdb',
  settings,
  create: async ({ heapMb, ...options }, { dataDir }): Promise<MetricStore> => {
    const worker = await StoreWorker.open<MetricWorkerMethods>({
      module: new URL('./duckdb/worker.ts', import.meta.url),
      settings: {
        ...options,
        dir: join(dataDir, 'metrics'),
        spillDir: join(dataDir, 'metrics', 'spill'),
      } satisfies MetricWorkerSettings,
      heapMb,
    })
    const compacting = keepCompacting((nowMs, signal) => worker.call('compact', nowMs, { signal }))
    return {
      write: async (batch) => {
        const { tenant, starts } = batch
        // Copies move to the worker: the caller keeps the batch, to write it again.
        const copy = { bytes: joinPieces(piecesOf(batch)), starts: new Uint32Array(starts) }
        const transfer = [copy.bytes.buffer, copy.starts.buffer]
        const outcome = await worker.call('write', { tenant, ...copy }, { transfer })
        batch.release?.()
        return outcome
      },
      query: async ({ signal, share, ...query }) => {
        const packed = await worker.call('query', query, { signal })
        await share?.take(bytesUnpacked(packed))
        return unpackResults(packed)
      },
      rollUp: async (nowMs) => {
        const round = await worker.call('rollUp', nowMs)
        compacting.start(nowMs)
        return { ...round, failed: [...round.failed, ...compacting.failures()] }
      },
      pointsSince: async (tenant) => {
        const day = await worker.call('firstKept', tenant)
        return day === undefined ? undefined : day * dayMs
      },
      ...dayRetention(worker, join(dataDir, 'metrics')),
      check: () => worker.call('check', null),
      close: () => {
        compacting.stop()
        return worker.close()
      },
    }
  },
})
