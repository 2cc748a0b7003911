import type { StatementResult } from '@warren/influxql/answers/result'
import type { SelectStatement, Statement } from '@warren/influxql/tree'
import { pluginPoint } from '@warren/platform/plugin'
import type { AnswerBytes } from '../answer-bytes.ts'
import type { AnswerShare } from '../answer-share.ts'
import type { FluxAnswer, FluxQuestion } from '../metric-flux.ts'
import type { LocalDisk, Retention } from '../retention.ts'
import type { RollupDays } from '../rollup-policies.ts'
import type { LineBatch, WriteOutcome } from '../write-outcome.ts'

/** Points of one tenant as canonical line protocol: one line a point, tags `tenant` and (where known) `deployment` stamped,
 *  no tag or field twice in a line, every number a float without suffix but those that rules keep as integers (`i`), a nanosecond timestamp. */
export type PointBatch = LineBatch

export interface MetricQuery {
  readonly tenant: string
  /** Scoped already, naming no database; every statement is answered, in order. */
  readonly statements: readonly Statement[]
  /** Of `time` in answers; absent is RFC 3339. */
  readonly epoch: 'ns' | 'u' | 'ms' | 's' | 'm' | 'h' | undefined
  /** What `now()` means, nanoseconds since the epoch. */
  readonly nowNs: bigint
  /** Tags that every series of the tenant has and no answer shows, though conditions name them. */
  readonly hiddenTags?: ReadonlySet<string> | undefined
  /** What the answer takes of the memory for answers, before it is read and again before rows are made of it; absent: nobody counts. */
  readonly share?: AnswerShare | undefined
  readonly signal: AbortSignal
}

/** One SELECT, and what no answer shows. */
export interface MetricSelect extends Omit<MetricQuery, 'statements' | 'hiddenTags'> {
  readonly statement: SelectStatement
  readonly hiddenTags: ReadonlySet<string>
}

/** What one round of rollups did. */
export interface RollupRound {
  /** Windows made, or made anew. */
  readonly windows: number
  /** Days that have windows to be made still, because the round took long enough or failed. */
  readonly waiting: number
  /** Which days failed and why; they stay to be made. */
  readonly failed: readonly string[]
  /** When the window that has waited longest was over or lacked a point, ms since the epoch; absent while none waits. */
  readonly waitingSinceMs?: number | undefined
}

/** What a tenant keeps of metrics. */
export interface MetricRetention extends Retention {
  /** Of rollups; what `rollupPolicies` say unless given, and never less than of raw points. */
  readonly rollupDays?: RollupDays | undefined
}

export interface MetricStore {
  /** Makes every point durable or names those it refused; throws a `WarrenError` only when nothing is known to be stored (`retry`: the store is away or overloaded).
   *  A point is (tenant, measurement, tags, timestamp): writing one again, in any batch, order or process, before or after a restart, leaves one, with the last value of each field. */
  write(batch: PointBatch): Promise<WriteOutcome>
  /** One result a statement, with InfluxDB's columns, order and error texts. A statement's own error is in its result; throws a `WarrenError` when the store could not be asked. */
  query(query: MetricQuery): Promise<readonly StatementResult[]>
  /** The same of one SELECT, but an answer with series, without errors, messages or cuts comes as InfluxDB's bytes, of which nobody has made rows. Only of a store that gets such bytes. */
  select?(select: MetricSelect): Promise<StatementResult | AnswerBytes>
  /** Answers a program of Flux. Only of a store that speaks it; throws a `WarrenError` when the store could not be asked. */
  flux?(question: FluxQuestion): Promise<FluxAnswer>
  /** Makes the windows of rollups that are over and lack points, for some seconds at most; a kill at any moment, or doing it again, changes nothing of the outcome.
   *  Only of a store that keeps rollups. */
  rollUp?(nowMs: number): Promise<RollupRound>
  /** Since when the store has all points of a tenant that rollups were made from, ms since the epoch: what is older is to be asked of rollups, however long points are kept by now. Undefined: none of them has left.
   *  Only of a store that keeps rollups. */
  pointsSince?(tenant: string): Promise<number | undefined>
  /** Gives up what is older than the tenant keeps, but no points that rollups still lack and nothing that is in use (it goes with a later call), in the store's own steps (a day, a shard, an index) and never anything younger. Answers what went or changed, in words for people;
   *  doing it again, or in several processes, changes nothing more. A tenant without data is none of its business. */
  retain(retention: MetricRetention): Promise<readonly string[]>
  /** Only of a store that keeps its files on this machine. */
  readonly disk?: LocalDisk
  /** Asks the store whether it could take a write now; throws a `WarrenError` that says why not. */
  check(): Promise<void>
  /** Releases every resource. Safe to call twice. */
  close(): Promise<void>
}

export interface MetricStoreContext {
  /** A folder of the store's own; only embedded stores use it. */
  readonly dataDir: string
}

export const defineMetricStore = pluginPoint<Promise<MetricStore>, MetricStoreContext>()
