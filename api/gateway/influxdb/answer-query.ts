import type { StatementResult } from '@warren/influxql/result'
import type { Statement } from '@warren/influxql/tree'
import type { MetricQuery, MetricStore } from '@warren/stores/metrics/metric-store'
import type { AskStore } from '../ask-store.ts'
import type { Asker } from '../asker.ts'
import type { CacheUse } from '../cache/cache-use.ts'
import { AnswerBody } from './answer-body.ts'
import { priceOf } from './price.ts'

/** Statements that a tenant may run, and how it wants their answers. */
export interface ScopedQuery {
  /** Scoped to the tenant: isolation is in the trees themselves. */
  readonly statements: readonly Statement[]
  readonly epoch: MetricQuery['epoch']
  /** What `now()` means, nanoseconds since the epoch. */
  readonly nowNs: bigint
}

export interface MetricAnswer {
  /** Of the first statement. */
  readonly firstError: string | undefined
  /** As bytes, shared by all who get this answer. */
  readonly body: AnswerBody
  /** Absent: there is no cache before the store. */
  readonly cache?: CacheUse
}

/** An answer that was just made, with its rows. */
export interface FreshAnswer extends MetricAnswer {
  /** One a statement, in order, without what callers must not see. */
  readonly results: readonly StatementResult[]
}

/** Answers for one asker. Throws a `Refusal` when it may not ask now, or the store's `WarrenError`. */
export type AnswerQuery = (query: ScopedQuery, asker: Asker) => Promise<MetricAnswer>

export type AskAnew = (query: ScopedQuery, asker: Asker) => Promise<FreshAnswer>

/** Stamped by us, and the second lock of isolation: no business of the caller's. */
const hiddenTags: ReadonlySet<string> = new Set(['tenant'])

export const toAnswer = (results: readonly StatementResult[]): FreshAnswer => ({
  results,
  firstError: results[0]?.error,
  body: new AnswerBody(results),
})

/** InfluxDB's own limits, of all its clients together, told inside a 200 (1.6 to 1.8: query/executor.go). */
const saysOverload = (error: string | undefined): boolean =>
  error?.startsWith('query-timeout limit exceeded') === true

/** Asks the store, each time. */
export function fromStore(metricStore: MetricStore, askStore: AskStore): AskAnew {
  return async ({ statements, epoch, nowNs }, asker) => {
    const results = await askStore(asker, {
      store: 'metrics',
      cost: priceOf(statements, { nowNs }),
      isOverload: (results: readonly StatementResult[]) =>
        results.some(({ error }) => saysOverload(error)),
      ask: (signal) =>
        metricStore.query({ tenant: asker.tenant, statements, epoch, nowNs, hiddenTags, signal }),
    })
    return toAnswer(results)
  }
}
