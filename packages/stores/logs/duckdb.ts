import { join } from 'node:path'
import { dataStreamOf } from '@warren/contracts/names'
import { z } from 'zod'
import { StoreWorker } from '../duckdb/store-worker.ts'
import { dayRetention } from '../duckdb/worker-disk.ts'
import { joinPieces } from '../join-pieces.ts'
import { piecesOf } from '../write-outcome.ts'
import type { FoundAnswer } from './duckdb/search-files.ts'
import type { LogWorkerMethods, WorkerSettings } from './duckdb/worker.ts'
import { defineLogStore, type FieldType, recordFields } from './log-store.ts'

const settings = z.strictObject({
  memoryLimitMb: z.int().min(64).default(160).describe("Of DuckDB's buffers"),
  heapMb: z.int().min(64).default(256).describe("Of the worker thread's JavaScript heap"),
  threads: z.int().min(1).default(1),
})

/** What an answer takes beside itself once it is text and then bytes, about: one hit stands for all. */
function bytesEncoded({ answer, aggregationBytes }: FoundAnswer): number {
  if ('error' in answer) return 0
  const { hits } = answer.hits
  return 3 * (hits.length * (JSON.stringify(hits[0] ?? null).length + 1) + aggregationBytes)
}

/** The embedded store: one DuckDB file a tenant and UTC day, in a worker thread. One process may use the folder. */
export const duckdb = defineLogStore({
  type: 'duckdb',
  settings,
  create: async ({ heapMb, ...engine }, { dataDir }) => {
    const worker = await StoreWorker.open<LogWorkerMethods>({
      module: new URL('./duckdb/worker.ts', import.meta.url),
      settings: { dir: join(dataDir, 'logs'), ...engine } satisfies WorkerSettings,
      heapMb,
    })
    const stopping = new AbortController()
    return {
      async write(batch) {
        const { tenant, starts, ids, datasets } = batch
        if (ids.length === 0) return { refused: [] }
        // Copies: the caller keeps its batch for another try. A Buffer's own slice would be no copy.
        const copy = {
          bytes: joinPieces(piecesOf(batch)),
          starts: new Uint32Array(starts),
          ids: new Uint8Array(ids),
        }
        const transfer = [copy.bytes.buffer, copy.starts.buffer, copy.ids.buffer]
        const refused = await worker.call('write', { tenant, datasets, ...copy }, { transfer })
        batch.release?.()
        return { refused }
      },
      async search({ signal, share, ...search }) {
        const found = await worker.call('search', search, { signal })
        await share?.take(bytesEncoded(found))
        return found.answer
      },
      async streams(tenant, signal) {
        const datasets = await worker.call('datasets', tenant, { signal })
        return datasets.map((dataset) => dataStreamOf(dataset, tenant)).sort()
      },
      async fields(tenant, streams, signal) {
        const fields = new Map<string, FieldType>()
        if (streams.length === 0) return fields
        for (const [name, type] of recordFields) fields.set(name, type)
        for (const name of await worker.call('attributes', tenant, { signal }))
          fields.set(`attributes.${name}`, 'keyword')
        return fields
      },
      indexWords: (nowMs) => worker.call('indexWords', nowMs, { signal: stopping.signal }),
      ...dayRetention(worker, join(dataDir, 'logs')),
      check: () => worker.call('check', null),
      close: () => {
        stopping.abort()
        return worker.close()
      },
    }
  },
})
