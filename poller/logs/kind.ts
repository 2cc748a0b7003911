import type { LogStore, RecordBatch } from '@warren/stores/logs/log-store'
import { sliceLines } from '../line-batch.ts'
import type { StreamKind } from '../stream-kind.ts'
import { createDatasets } from './datasets.ts'
import { JoinedRecords, sliceColumns } from './joined-records.ts'
import { normaliseLogs } from './normalise.ts'
import type { LogChunk } from './record-lines.ts'

export function logsKind(
  store: Pick<LogStore, 'write' | 'check'>,
): StreamKind<LogChunk, RecordBatch> {
  const datasetOf = createDatasets()
  return {
    stream: 'logs',
    normalise: normaliseLogs,
    join: (tenant, chunks) =>
      new JoinedRecords(tenant, chunks, (dataset) => datasetOf(tenant, dataset)),
    slice: (batch, from, to) => ({
      ...sliceLines(batch, from, to),
      ...sliceColumns(batch, from, to),
    }),
    write: (batch) => store.write(batch),
    check: () => store.check(),
  }
}
