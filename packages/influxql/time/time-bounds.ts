import type { Expr } from '../expression.ts'
import { maxTimeNs, minTimeNs, type TimeRange, timeRangeOf } from '../time-range.ts'
import type { SelectStatement } from '../tree.ts'

const compare = (op: '>=' | '<=', ns: bigint): Expr => ({
  kind: 'binary',
  op,
  left: { kind: 'reference', name: 'time' },
  right: { kind: 'integer', value: ns },
})

const and = (left: Expr | undefined, right: Expr): Expr =>
  left === undefined ? right : { kind: 'binary', op: 'AND', left, right }

const everything: TimeRange = { minNs: minTimeNs, maxNs: maxTimeNs }

/** A condition without time, with these bounds; an end of all time is left open. */
function bounded(condition: Expr | undefined, { minNs, maxNs }: TimeRange): Expr | undefined {
  const inner: Expr | undefined =
    condition?.kind === 'binary' ? { kind: 'paren', expr: condition } : condition
  const low = minNs === minTimeNs ? inner : and(inner, compare('>=', minNs))
  return maxNs === maxTimeNs ? low : and(low, compare('<=', maxNs))
}

const withCondition = (
  { condition: _, ...rest }: SelectStatement,
  condition: Expr | undefined,
): SelectStatement => (condition === undefined ? rest : { ...rest, condition })

/** The SELECT over another range than its own. */
export function withRange(select: SelectStatement, range: TimeRange): SelectStatement {
  const { written } = timeRangeOf(select.condition, 0n, select.timeZone)
  return withCondition(select, bounded(written, range))
}

/** A SELECT whose own condition says nothing of time, over this range. */
export const withinRange = (select: SelectStatement, range: TimeRange): SelectStatement =>
  withCondition(select, bounded(select.condition, range))

/** The SELECT without time, and the range that its own condition gives; not that of the queries within it. */
export function apartFromRange(
  select: SelectStatement,
  nowNs: bigint,
): { readonly select: SelectStatement; readonly range: TimeRange } {
  const { written, minNs, maxNs } = timeRangeOf(select.condition, nowNs, select.timeZone)
  return {
    select: withCondition(select, bounded(written, everything)),
    range: { minNs, maxNs },
  }
}

/** The range that a SELECT's own condition gives; not that of the queries within it. */
export function rangeOf(select: SelectStatement, nowNs: bigint): TimeRange {
  const { minNs, maxNs } = timeRangeOf(select.condition, nowNs, select.timeZone)
  return { minNs, maxNs }
}

export const isUnbounded = ({ minNs, maxNs }: TimeRange): boolean =>
  minNs === minTimeNs && maxNs === maxTimeNs
