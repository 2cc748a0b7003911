import { EvaluationError } from '../evaluation-error.ts'
import type { Expr } from '../expression.ts'
import type { TimeRange } from '../time-range.ts'
import type { Paging } from '../tree.ts'
import type { SeriesSource } from './source.ts'
import type { Interval } from './windows/buckets.ts'

export interface EvaluationLimits {
  /** Values read from the source by one statement. */
  readonly points: number
  /** Buckets of one series. */
  readonly buckets: number
  /** Series in an answer. */
  readonly series: number
  /** Values in an answer. */
  readonly values: number
}

/** What all parts of one statement share. */
export interface EvaluationContext {
  readonly source: SeriesSource
  readonly nowNs: bigint
  readonly limits: EvaluationLimits
  readonly signal: AbortSignal | undefined
  /** Tags that predicates may name and answers may not. */
  readonly hiddenTags: ReadonlySet<string>
  /** The only database there is. */
  readonly database: string
  /** Retention policies beside the default one, each with the days it keeps. */
  readonly policies: readonly { readonly name: string; readonly days: number }[]
  readonly spent: { points: number; values: number }
  /** When the event loop last had its turn. */
  readonly turn: { sinceMs: number }
}

/** What a subquery takes over from the query around it. */
export interface Outer {
  readonly range: TimeRange
  /** Of the outermost query's range: what measurements have there is what there is. */
  readonly shards: TimeRange
  readonly interval?: Interval | undefined
  readonly dimensions: readonly string[]
  /** As the outermost query names them. */
  readonly grouping: readonly Expr[]
  readonly ascending: boolean
  /** SLIMIT and SOFFSET of all queries around, together: of the measurement's sets of series. */
  readonly series: Paging
}

export function spend(context: EvaluationContext, what: 'points' | 'values', count: number): void {
  context.spent[what] += count
  if (context.spent[what] > context.limits[what])
    throw new EvaluationError(
      what === 'points'
        ? `max-select-point limit exceeded: (${context.spent.points}/${context.limits.points})`
        : `query would return more than ${context.limits.values} values`,
    )
}

const longestTurnMs = 15

/** Lets others work when this statement has had the event loop for a while; rejects when it was aborted. */
export async function giveWay({ turn, signal }: EvaluationContext): Promise<void> {
  if (performance.now() - turn.sinceMs < longestTurnMs) return
  await new Promise((resolve) => setImmediate(resolve))
  turn.sinceMs = performance.now()
  signal?.throwIfAborted()
}
