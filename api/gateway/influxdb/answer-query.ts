import type { StatementResult } from '@warren/influxql/result'
import type { Statement } from '@warren/influxql/tree'
import type { LargeAnswer } from '@warren/stores/large-answer'
import type { MetricQuery, MetricStore } from '@warren/stores/metrics/metric-store'
import type { AskStore } from '../ask-store.ts'
import type { Asker } from '../asker.ts'
import type { CacheUse } from '../cache/cache-use.ts'
import type { Ranged } from '../cache/ranged.ts'
import type { RoomShare } from '../memory/room-share.ts'
import { AnswerBody } from './answer-body.ts'
import { sizeOf } from './answer-size.ts'
import { BodyBytes } from './body-bytes.ts'
import { countRows } from './count-rows.ts'
import { encodeResults, requireSize } from './encode.ts'
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
  /** Who asks makes nothing of rows: a large answer to one SELECT may come as bytes, and then has none. */
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

const noRows = (): never => {
  throw new Error('BUG: a large answer has bytes and no rows')
}

/** Nobody keeps it: it is for those who wait. */
function toLargeAnswer({ pieces, bytes, rows }: LargeAnswer): FreshAnswer {
  const encode = async (maxBytes: number) => {
    requireSize(bytes, maxBytes)
    return { plain: new BodyBytes(pieces) }
  }
  const body = new AnswerBody({ pieces, bytes, rows, encode })
  const answer: NewAnswer = { ...{ body, rows: noRows }, isWhole: false, firstError: undefined }
  // Out of sight of who copies an answer.
  return Object.defineProperty(answer, 'results', { get: noRows }) as FreshAnswer
}

/** What a store answers with: rows, one result a statement, or bytes. */
type Answered = readonly StatementResult[] | LargeAnswer

const isLarge = (answered: Answered): answered is LargeAnswer => 'pieces' in answered

async function askAll(
  metricStore: MetricStore,
  { mayBeBytes, ...query }: MetricQuery & Pick<ScopedQuery, 'mayBeBytes'>,
): Promise<Answered> {
  const [statement, ...others] = query.statements
  if (mayBeBytes !== true || others.length > 0 || statement?.kind !== 'select')
    return metricStore.query(query)
  const answered = await metricStore.select?.({ ...query, statement, hiddenTags })
  if (answered === undefined) return metricStore.query(query)
  return 'pieces' in answered ? answered : [answered]
}

/** Asks the store, each time. */
export function fromStore(
  metricStore: MetricStore,
  askStore: AskStore,
  price: Price = plainPrice,
): AskAnew {
  return async ({ statements, epoch, nowNs, mayBeBytes }, asker) => {
    const { tenant, share } = asker
    const answered = await askStore(asker, {
      store: 'metrics',
      cost: price(tenant, { statements, nowNs }),
      isOverload: (answered: Answered) =>
        !isLarge(answered) && answered.some(({ error }) => saysOverload(error)),
      ask: (signal) => {
        const about = { tenant, statements, epoch, nowNs, mayBeBytes }
        return askAll(metricStore, { ...about, hiddenTags, share, signal })
      },
    })
    return isLarge(answered) ? toLargeAnswer(answered) : toAnswer(answered)
  }
}
