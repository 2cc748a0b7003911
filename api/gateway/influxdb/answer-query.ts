import type { StatementResult } from '@warren/influxql/result'
import type { Statement } from '@warren/influxql/tree'
import type { MetricQuery, MetricStore } from '@warren/stores/metrics/metric-store'
import type { AskStore } from '../ask-store.ts'
import type { Asker } from '../asker.ts'
import type { CacheUse } from '../cache/cache-use.ts'
import type { Ranged } from '../cache/ranged.ts'
import { AnswerBody } from './answer-body.ts'
import { sizeOf } from './answer-size.ts'
import { BodyBytes } from './body-bytes.ts'
import { countRows } from './count-rows.ts'
import { encodeResults } from './encode.ts'
import { type Price, plainPrice } from './price.ts'

/** Statements that a tenant may run, and how it wants their answers. */
export interface ScopedQuery {
  /** Scoped to the tenant: isolation is in the trees themselves. */
  readonly statements: readonly Statement[]
  readonly epoch: MetricQuery['epoch']
  /** What `now()` means, nanoseconds since the epoch. */
  readonly nowNs: bigint
  /** The one SELECT with its range apart, where that is known already. */
  readonly ranged?: Ranged | undefined
}

export interface MetricAnswer {
  /** Of the first statement. */
  readonly firstError: string | undefined
  /** As bytes, shared by all who get this answer. */
  readonly body: AnswerBody
  /** Absent: there is no cache before the store. */
  readonly cache?: CacheUse
  /** Of the points that it was made of, as `raw+5m`; absent: of none. */
  readonly resolution?: string | undefined
}

/** An answer that was just made. */
export interface NewAnswer extends MetricAnswer {
  /** Nothing is wrong or missing in it: it is also for those who come later. */
  readonly isWhole: boolean
  /** One a statement; where buckets were put together, a row for each, with null where it is empty. */
  rows(): readonly StatementResult[]
}

/** The same, of a store, with its rows. */
export interface FreshAnswer extends NewAnswer {
  /** One a statement, in order, without what callers must not see. */
  readonly results: readonly StatementResult[]
}

/** Answers for one asker. Throws a `Refusal` when it may not ask now, or the store's `WarrenError`. */
export type AnswerQuery = (query: ScopedQuery, asker: Asker) => Promise<MetricAnswer>

export type AskAnew = (query: ScopedQuery, asker: Asker) => Promise<FreshAnswer>

export type MakeAnswer = (query: ScopedQuery, asker: Asker) => Promise<NewAnswer>

/** Stamped by us, and the second lock of isolation: no business of the caller's. */
export const hiddenTags: ReadonlySet<string> = new Set(['tenant'])

/** Errors, warnings and cut answers are for those who wait, not for those who come later. */
const areWhole = (results: readonly StatementResult[]): boolean =>
  results.every(
    ({ error, messages, series = [] }) =>
      error === undefined && messages === undefined && !series.some((each) => 'partial' in each),
  )

export const toAnswer = (results: readonly StatementResult[]): FreshAnswer => ({
  results,
  rows: () => results,
  isWhole: areWhole(results),
  firstError: results[0]?.error,
  body: new AnswerBody({
    rows: countRows(results),
    bytes: sizeOf(results),
    encode: async (maxBytes) => ({
      plain: new BodyBytes([await encodeResults(results, { pretty: false, maxBytes })]),
    }),
  }),
})

/** InfluxDB's own limits, of all its clients together, told inside a 200 (1.6 to 1.8: query/executor.go). */
const saysOverload = (error: string | undefined): boolean =>
  error?.startsWith('query-timeout limit exceeded') === true

/** Asks the store, each time. */
export function fromStore(
  metricStore: MetricStore,
  askStore: AskStore,
  price: Price = plainPrice,
): AskAnew {
  return async ({ statements, epoch, nowNs }, asker) => {
    const results = await askStore(asker, {
      store: 'metrics',
      cost: price(asker.tenant, { statements, nowNs }),
      isOverload: (results: readonly StatementResult[]) =>
        results.some(({ error }) => saysOverload(error)),
      ask: (signal) =>
        metricStore.query({ tenant: asker.tenant, statements, epoch, nowNs, hiddenTags, signal }),
    })
    return toAnswer(results)
  }
}
