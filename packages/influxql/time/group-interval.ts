import type { Call, Expr } from '../expression.ts'
import { reduceExpression } from '../reduce.ts'

/** The `time(…)` of a GROUP BY. */
export function timeDimensionOf(dimensions: readonly Expr[]): Call | undefined {
  for (const dimension of dimensions) {
    const expr = reduceExpression(dimension, {})
    if (expr.kind === 'call' && expr.name === 'time') return expr
  }
  return undefined
}

/** Nanoseconds; 0 without `time(…)`. */
export function groupIntervalOf(dimensions: readonly Expr[]): bigint {
  const [interval] = timeDimensionOf(dimensions)?.args ?? []
  return interval?.kind === 'duration' ? interval.ns : 0n
}
