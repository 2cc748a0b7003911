import type { ResultSeries, StatementResult } from '../answers/result.ts'
import { checkStatement } from '../check.ts'
import { EvaluationError } from '../evaluation-error.ts'
import { reduceSelect } from '../reduce/select.ts'
import type { Statement } from '../tree.ts'
import type { EvaluationContext, EvaluationLimits } from './context.ts'
import { type Epoch, formatOutput } from './format.ts'
import { selectOutput } from './select.ts'
import { showSeries } from './show/show.ts'
import type { SeriesSource } from './source.ts'

export interface EvaluationOptions {
  readonly source: SeriesSource
  /** What now() is. */
  readonly nowNs: bigint
  /** Unit of times in the answer; absent: RFC 3339. */
  readonly epoch?: Epoch | undefined
  readonly limits?: Partial<EvaluationLimits> | undefined
  readonly signal?: AbortSignal | undefined
  /** Tags that predicates may name and answers never contain. */
  readonly hiddenTags?: ReadonlySet<string> | undefined
  /** What SHOW DATABASES answers. */
  readonly database?: string | undefined
  /** Retention policies beside the default one. */
  readonly policies?: EvaluationContext['policies'] | undefined
}

const defaultLimits: EvaluationLimits = {
  points: 50_000_000,
  buckets: 100_000,
  series: 10_000,
  values: 10_000_000,
}

/**
 * The answer to one statement in InfluxDB 1.8's shape. What is wrong with the statement, or not supported, is in `error`.
 * Rejects only when the source fails or the signal is aborted.
 */
export async function evaluateStatement(
  statement: Statement,
  options: EvaluationOptions,
): Promise<Omit<StatementResult, 'statement_id'>> {
  const context: EvaluationContext = {
    source: options.source,
    nowNs: options.nowNs,
    limits: { ...defaultLimits, ...options.limits },
    signal: options.signal,
    hiddenTags: options.hiddenTags ?? new Set(),
    database: options.database ?? 'warren',
    policies: options.policies ?? [],
    spent: { points: 0, values: 0 },
    turn: { sinceMs: performance.now() },
  }
  try {
    const series = await seriesOf(statement, context, options.epoch)
    return series.length === 0 ? {} : { series }
  } catch (error) {
    if (error instanceof EvaluationError) return { error: error.message }
    throw error
  }
}

async function seriesOf(
  statement: Statement,
  context: EvaluationContext,
  epoch: Epoch | undefined,
): Promise<ResultSeries[]> {
  if (statement.kind !== 'select') return showSeries(statement, context)
  checkStatement(statement, context.nowNs)
  return formatOutput(await selectOutput(reduceSelect(statement), context), epoch)
}
