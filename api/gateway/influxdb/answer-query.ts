import type { StatementResult } from '@warren/influxql/answers/result'
import type { Statement } from '@warren/influxql/tree'
import type { AnswerShare } from '@warren/stores/answer-share'
import type { MetricQuery } from '@warren/stores/metrics/metric-store'
import type { Asker } from '../asker.ts'
import type { CacheUse } from '../cache/cache-use.ts'
import type { Ranged } from '../cache/snap/ranged.ts'
import type { RoomShare } from '../memory/room-share.ts'
import { AnswerBody } from './body/answer-body.ts'
import { sizeOf } from './body/answer-size.ts'
import { countRows } from './body/count-rows.ts'
import { encodeResults } from './body/encode.ts'

/** Statements that a tenant may run, and how it wants their answers. */
export interface ScopedQuery {
  /** Scoped to the tenant: isolation is in the trees themselves. */
  readonly statements: readonly Statement[]
  readonly epoch: MetricQuery['epoch']
  /** What `now()` means, nanoseconds since the epoch. */
  readonly nowNs: bigint
  /** The one SELECT with its range apart, where that is known already. */
  readonly ranged?: Ranged | undefined
  /** Who asks makes nothing of rows: an answer to one SELECT may come as bytes, and then has none but what is read of it. */
  readonly mayBeBytes?: boolean | undefined
}

export interface MetricAnswer {
  /** Of the first statement. */
  readonly firstError: string | undefined
  /** As bytes, shared by all who get this answer. */
  readonly body: AnswerBody
  /** What it has of the memory for answers, where that is not its asker's own: who sends it holds it. */
  readonly share?: RoomShare | undefined
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

/** The same, of a store. */
export interface FreshAnswer extends NewAnswer {
  /** Its rows, made now where it came as bytes, when the share has memory for them; one result a statement, in order, without what callers must not see. Not of an answer with `body.pieces`. */
  read(share: AnswerShare | undefined): Promise<readonly StatementResult[]>
  /** Its body is the store's, and no rows were made of it. */
  readonly isAsItCame: boolean
}

/** Answers for one asker. Throws a `Refusal` when it may not ask now, or the store's `WarrenError`. */
export type AnswerQuery = (query: ScopedQuery, asker: Asker) => Promise<MetricAnswer>

export type AskAnew = (query: ScopedQuery, asker: Asker) => Promise<FreshAnswer>

export type MakeAnswer = (query: ScopedQuery, asker: Asker) => Promise<NewAnswer>

/** Errors, warnings and cut answers are for those who wait, not for those who come later. */
const areWhole = (results: readonly StatementResult[]): boolean =>
  results.every(
    ({ error, messages, series = [] }) =>
      error === undefined && messages === undefined && !series.some((each) => 'partial' in each),
  )

export const toAnswer = (results: readonly StatementResult[]): FreshAnswer => ({
  read: async () => results,
  rows: () => results,
  isAsItCame: false,
  isWhole: areWhole(results),
  firstError: results[0]?.error,
  body: new AnswerBody({
    rows: countRows(results),
    bytes: sizeOf(results),
    encode: (options) => encodeResults(results, options),
  }),
})
