import type { EngineSettings } from '../../duckdb/engine.ts'
import type { DayWish, StoredDay } from '../../retention.ts'
import type { WriteOutcome } from '../../write-outcome.ts'
import type { MetricQuery, MetricRetention, PointBatch, RollupRound } from '../metric-store.ts'
import type { PackedResult } from './packed-results.ts'

export interface MetricWorkerSettings extends EngineSettings {
  readonly dir: string
  /** Day files that stay attached while unused. */
  readonly maxIdleFiles: number
  /** Values that one statement may read. */
  readonly maxSelectPoints: number
}

export type MetricWorkerMethods = {
  readonly write: (batch: PointBatch) => Promise<WriteOutcome>
  readonly query: (
    query: Omit<MetricQuery, 'signal'>,
    signal: AbortSignal,
  ) => Promise<readonly PackedResult[]>
  readonly check: (argument: null) => Promise<void>
  /** The first day of which no points have left. */
  readonly firstKept: (tenant: string) => Promise<number | undefined>
  readonly rollUp: (nowMs: number) => Promise<RollupRound>
  readonly compact: (nowMs: number, signal: AbortSignal) => Promise<string | undefined>
  readonly retain: (retention: MetricRetention) => Promise<readonly string[]>
  readonly oldest: (wish: DayWish) => Promise<StoredDay | undefined>
  readonly drop: (day: StoredDay) => Promise<void>
}
