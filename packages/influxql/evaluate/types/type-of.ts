import type { Binary, Call, Expr } from '../../expression.ts'
import { isField } from '../expressions/condition.ts'
import type { Table } from '../frame.ts'
import { isMathFunction, keepsIntegers } from '../functions/math-functions.ts'
import type { FieldType } from '../source.ts'

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
  'sample',
  'top',
  'bottom',
  'difference',
  'non_negative_difference',
  'cumulative_sum',
])

/** The type of what an expression yields. */
export function typeOf(expr: Expr, table: Table): FieldType {
  switch (expr.kind) {
    case 'reference':
      if (!isField(expr, table)) return 'string'
      return castType(expr.type) ?? table.fields.get(expr.name) ?? 'float'
    case 'paren':
      return typeOf(expr.expr, table)
    case 'call':
      return typeOfCall(expr, table)
    case 'binary':
      return typeOfBinary(expr, table)
    case 'integer':
      return 'integer'
    case 'boolean':
    case 'string':
      return expr.kind
    case 'distinct':
      return table.fields.get(expr.name) ?? 'float'
    case 'duration':
    case 'number':
    case 'regex':
    case 'time':
    case 'unsigned':
    case 'wildcard':
      return 'float'
  }
}

function castType(type: string | undefined): FieldType | undefined {
  return type === 'float' || type === 'integer' || type === 'string' || type === 'boolean'
    ? type
    : undefined
}

function typeOfCall({ name, args }: Call, table: Table): FieldType {
  if (name === 'count' || name === 'elapsed') return 'integer'
  const [argument] = args
  if (argument === undefined) return 'float'
  if (isMathFunction(name)) return keepsIntegers(name) ? typeOf(argument, table) : 'float'
  return keepsType.has(name) ? typeOf(argument, table) : 'float'
}

/** A quotient of integers counts as an integer although it is computed as a float: a query around a subquery sees it without its fraction. */
function typeOfBinary({ left, right }: Binary, table: Table): FieldType {
  const types = [typeOf(left, table), typeOf(right, table)]
  if (types.every((type) => type === 'boolean')) return 'boolean'
  return types.every((type) => type === 'integer') ? 'integer' : 'float'
}
