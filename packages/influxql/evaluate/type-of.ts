import type { Binary, Call, Expr } from '../expression.ts'
import { isField } from './condition.ts'
import type { Table } from './frame.ts'
import type { FieldType } from './source.ts'

const keepsType: ReadonlySet<string> = new Set([
  'sum',
  'min',
  'max',
  'first',
  'last',
  'mode',
  'spread',
  'percentile',
  'distinct',
  'top',
  'bottom',
  'difference',
  'non_negative_difference',
  'cumulative_sum',
])

/** The type of a column, for the query around a subquery. */
export function typeOf(expr: Expr, table: Table): FieldType {
  if (expr.kind === 'reference')
    return isField(expr, table) ? (table.fields.get(expr.name) ?? 'float') : 'string'
  if (expr.kind === 'paren') return typeOf(expr.expr, table)
  if (expr.kind === 'call') return typeOfCall(expr, table)
  if (expr.kind === 'binary') return typeOfBinary(expr, table)
  return expr.kind === 'integer' ? 'integer' : 'float'
}

function typeOfCall({ name, args }: Call, table: Table): FieldType {
  if (name === 'count' || name === 'elapsed') return 'integer'
  const [argument] = args
  return argument !== undefined && keepsType.has(name) ? typeOf(argument, table) : 'float'
}

/** Integers stay integers unless they are divided. */
function typeOfBinary({ op, left, right }: Binary, table: Table): FieldType {
  if (op === '/') return 'float'
  const types = [typeOf(left, table), typeOf(right, table)]
  return types.every((type) => type === 'integer') ? 'integer' : 'float'
}
