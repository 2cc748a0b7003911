import type { Expr } from '@warren/influxql/expression'
import type { SelectStatement, Statement } from '@warren/influxql/tree'

/** The statement with each `now()` of its conditions replaced by the moment it was asked, as every statement of one query must read the same clock. */
export function pinNow(statement: Statement, nowNs: bigint): Statement {
  if (statement.kind === 'select') return pinSelect(statement, nowNs)
  if (!('condition' in statement) || statement.condition === undefined) return statement
  return { ...statement, condition: pinExpr(statement.condition, nowNs) }
}

function pinSelect(select: SelectStatement, nowNs: bigint): SelectStatement {
  return {
    ...select,
    sources: select.sources.map((source) =>
      source.kind === 'subquery' ? { ...source, select: pinSelect(source.select, nowNs) } : source,
    ),
    ...(select.condition === undefined ? {} : { condition: pinExpr(select.condition, nowNs) }),
  }
}

// A duration since the epoch is a time, and takes further durations.
function pinExpr(expr: Expr, nowNs: bigint): Expr {
  if (expr.kind === 'call') return expr.name === 'now' ? { kind: 'duration', ns: nowNs } : expr
  if (expr.kind === 'paren') return { ...expr, expr: pinExpr(expr.expr, nowNs) }
  if (expr.kind !== 'binary') return expr
  return { ...expr, left: pinExpr(expr.left, nowNs), right: pinExpr(expr.right, nowNs) }
}
