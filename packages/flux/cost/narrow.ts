import { childrenOf } from '../children.ts'
import type { Call, Expr } from '../tree.ts'
import { argumentOf } from './definitions.ts'

/** Measurements and fields of a bucket that are read: nobody knows how many there are. */
export interface Breadth {
  readonly measurements: number
  readonly fields: number
}

/** Of what no filter narrows; InfluxQL's estimate has as many fields of `*`. */
export const wide: Breadth = { measurements: 10, fields: 10 }

const both = (a: Breadth, b: Breadth): Breadth => ({
  measurements: Math.min(a.measurements, b.measurements),
  fields: Math.min(a.fields, b.fields),
})

const either = (a: Breadth, b: Breadth): Breadth =>
  both(wide, { measurements: a.measurements + b.measurements, fields: a.fields + b.fields })

/** The column that is compared, of `r._field` or `r["_field"]`. */
function columnOf(expr: Expr): string | undefined {
  if (expr.kind === 'member') return expr.name
  return expr.kind === 'index' && expr.at.kind === 'string' ? expr.at.value : undefined
}

function breadthOf(expr: Expr): Breadth {
  if (expr.kind === 'paren') return breadthOf(expr.expr)
  if (expr.kind !== 'binary') return wide
  const { op, left, right } = expr
  if (op === 'and') return both(breadthOf(left), breadthOf(right))
  if (op === 'or') return either(breadthOf(left), breadthOf(right))
  if (op !== '==' || right.kind !== 'string') return wide
  const column = columnOf(left)
  if (column === '_measurement') return { ...wide, measurements: 1 }
  return column === '_field' ? { ...wide, fields: 1 } : wide
}

/** What a `filter` leaves of it. */
export function narrowed(breadth: Breadth, call: Call): Breadth {
  const predicate = argumentOf(call, 'fn')
  if (predicate?.kind !== 'function' || !('kind' in predicate.body)) return breadth
  return both(breadth, breadthOf(predicate.body))
}

export function countRegexes(expr: Expr): number {
  if (expr.kind === 'literal') return expr.text.startsWith('/') ? 1 : 0
  return childrenOf(expr).reduce((sum, child) => sum + countRegexes(child), 0)
}
