import type { MetricStore, PointBatch } from '@warren/stores/metrics/metric-store'
import type { Chunk } from '../chunk.ts'
import { JoinedLines, sliceLines } from '../line-batch.ts'
import type { StreamKind } from '../stream-kind.ts'
import { graphiteToLines, graphiteType } from './graphite-body.ts'
import { normaliseMetrics } from './normalise.ts'

export const metricsKind = (
  store: Pick<MetricStore, 'write' | 'check'>,
  onRounded: (integers: number) => void,
): StreamKind<Chunk, PointBatch> => ({
  stream: 'metrics',
  normalise: (body, origin, window) => {
    const lines = origin.contentType === graphiteType ? graphiteToLines(body) : body
    const normalised = normaliseMetrics(lines, origin, window)
    if (normalised.rounded > 0) onRounded(normalised.rounded)
    return normalised
  },
  join: (tenant, chunks) => new JoinedLines(tenant, chunks),
  slice: sliceLines,
  write: (batch) => store.write(batch),
  check: () => store.check(),
})
