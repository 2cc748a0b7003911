import type { Call, Expr } from './expression.ts'

/** The `time(…)` of a GROUP BY. */
export function timeDimensionOf(dimensions: readonly Expr[]): Call | undefined {
  return dimensions.find((dimension) => dimension.kind === 'call' && dimension.name === 'time') as
    | Call
    | undefined
}

/** Nanoseconds; 0 without `time(…)`. */
export function groupIntervalOf(dimensions: readonly Expr[]): bigint {
  const [interval] = timeDimensionOf(dimensions)?.args ?? []
  return interval?.kind === 'duration' ? interval.ns : 0n
}
