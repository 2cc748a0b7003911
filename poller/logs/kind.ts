import type { LogStore, RecordBatch } from '@warren/stores/logs/log-store'
import { joinLines, sliceLines } from '../line-batch.ts'
import type { StreamKind } from '../stream-kind.ts'
import { createDatasets } from './datasets.ts'
import { type LogChunk, normaliseLogs } from './normalise.ts'

export function logsKind(
  store: Pick<LogStore, 'write' | 'check'>,
): StreamKind<LogChunk, RecordBatch> {
  const datasetOf = createDatasets()
  return {
    stream: 'logs',
    normalise: normaliseLogs,
    join: (tenant, chunks) => ({
      ...joinLines(tenant, chunks),
      ids: chunks.flatMap(({ ids }) => ids),
      datasets: chunks.flatMap(({ datasets }) =>
        datasets.map((dataset) => datasetOf(tenant, dataset)),
      ),
    }),
    slice: (batch, from, to) => ({
      ...sliceLines(batch, from, to),
      ids: batch.ids.slice(from, to),
      datasets: batch.datasets.slice(from, to),
    }),
    write: (batch) => store.write(batch),
    check: () => store.check(),
  }
}
