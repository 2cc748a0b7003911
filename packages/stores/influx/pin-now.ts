import type { Expr } from '@warren/influxql/expression'
import type { SelectStatement, Source, Statement } from '@warren/influxql/tree'

/** The statement with each `now()` of its conditions replaced by the moment it was asked, as every statement of one query must read the same clock. What has none is itself: what is known of the object holds. */
export function pinNow(statement: Statement, nowNs: bigint): Statement {
  if (statement.kind === 'select') return pinSelect(statement, nowNs)
  if (!('condition' in statement) || statement.condition === undefined) return statement
  const condition = pinExpr(statement.condition, nowNs)
  return condition === statement.condition ? statement : { ...statement, condition }
}

function pinSelect(select: SelectStatement, nowNs: bigint): SelectStatement {
  const sources = pinSources(select.sources, nowNs)
  const condition = select.condition && pinExpr(select.condition, nowNs)
  if (sources === select.sources && condition === select.condition) return select
  return { ...select, sources, ...(condition === undefined ? {} : { condition }) }
}

function pinSources(sources: readonly Source[], nowNs: bigint): readonly Source[] {
  const pinned = sources.map((source): Source => {
    if (source.kind !== 'subquery') return source
    const select = pinSelect(source.select, nowNs)
    return select === source.select ? source : { ...source, select }
  })
  return pinned.every((source, at) => source === sources[at]) ? sources : pinned
}

// A duration since the epoch is a time, and takes further durations.
function pinExpr(expr: Expr, nowNs: bigint): Expr {
  if (expr.kind === 'call') return expr.name === 'now' ? { kind: 'duration', ns: nowNs } : expr
  if (expr.kind === 'paren') {
    const inner = pinExpr(expr.expr, nowNs)
    return inner === expr.expr ? expr : { ...expr, expr: inner }
  }
  if (expr.kind !== 'binary') return expr
  const left = pinExpr(expr.left, nowNs)
  const right = pinExpr(expr.right, nowNs)
  return left === expr.left && right === expr.right ? expr : { ...expr, left, right }
}
