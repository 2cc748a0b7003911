import { printStatement } from '@warren/influxql/print'
import { apartFromRange, withinRange } from '@warren/influxql/time/time-bounds'
import { maxTimeNs, type TimeRange } from '@warren/influxql/time-range'
import type { SelectStatement, Statement } from '@warren/influxql/tree'

/** One SELECT and its range apart from it: what stays as it is from refresh to refresh, and what does not. */
export interface Ranged {
  /** Without time. What is found out of it is remembered for this very object. */
  readonly select: SelectStatement
  /** Ends at a moment, not at the end of all time. */
  readonly range: TimeRange
}

/** Undefined: it is not one SELECT of measurements alone whose range ends. */
export function toRanged(
  [statement, ...others]: readonly Statement[],
  nowNs: bigint,
): Ranged | undefined {
  if (statement?.kind !== 'select' || others.length > 0) return undefined
  if (statement.sources.some(({ kind }) => kind === 'subquery')) return undefined
  try {
    const ranged = apartFromRange(statement, nowNs)
    return ranged.range.maxNs === maxTimeNs ? undefined : ranged
  } catch {
    // The store says what is wrong with the condition.
    return undefined
  }
}

/** The SELECT without its range, as text. */
export const textOf = ({ select }: Pick<Ranged, 'select'>): string => printStatement(select)

/** The statement that asks for the range. */
export const toStatement = ({ select, range }: Ranged): SelectStatement =>
  withinRange(select, range)
