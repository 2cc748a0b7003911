import type { StatementResult } from '@warren/influxql/result'
import type { Statement } from '@warren/influxql/tree'
import type { MetricQuery, MetricStore } from '@warren/stores/metrics/metric-store'
import type { AskStore } from '../ask-store.ts'
import type { Asker } from '../asker.ts'

/** Statements that a tenant may run, and how it wants their answers. */
export interface ScopedQuery {
  /** Scoped to the tenant: isolation is in the trees themselves. */
  readonly statements: readonly Statement[]
  readonly epoch: MetricQuery['epoch']
  /** What `now()` means, nanoseconds since the epoch. */
  readonly nowNs: bigint
}

export interface MetricAnswer {
  /** One a statement, in order. */
  readonly results: readonly StatementResult[]
}

/** Answers for one asker. Throws a `Refusal` when it may not ask now, or the store's `WarrenError`. */
export type AnswerQuery = (query: ScopedQuery, asker: Asker) => Promise<MetricAnswer>

/** Asks the store, each time. */
export function fromStore(metricStore: MetricStore, askStore: AskStore): AnswerQuery {
  return async ({ statements, epoch, nowNs }, asker) => ({
    results: await askStore(asker, {
      store: 'metrics',
      ask: (signal) =>
        metricStore.query({ tenant: asker.tenant, statements, epoch, nowNs, signal }),
    }),
  })
}
