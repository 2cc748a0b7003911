import type { Expr } from '../../expression.ts'
import { reduceParen } from '../../reduce.ts'
import type { Field } from '../../tree.ts'
import { withParts } from '../../walk.ts'

/** Fields as InfluxDB looks at them: `DISTINCT v` is `distinct(v)`, and parentheses are around operations only. */
export const plainFields = (fields: readonly Field[]): Field[] =>
  fields.map((field) => ({ ...field, expr: plain(field.expr) }))

function plain(expr: Expr): Expr {
  if (expr.kind === 'paren') return reduceParen(plain(expr.expr))
  if (expr.kind !== 'distinct') return withParts(expr, plain)
  return { kind: 'call', name: 'distinct', args: [{ kind: 'reference', name: expr.name }] }
}
