import type { Expr, Reference } from '../expression.ts'
import { isField } from './condition.ts'
import type { Table } from './frame.ts'
import { isMathFunction } from './math-functions.ts'
import type { FieldType } from './source.ts'

/** All references of an expression, those within calls included. */
export function referencesIn(expr: Expr): Reference[] {
  switch (expr.kind) {
    case 'reference':
      return [expr]
    case 'paren':
      return referencesIn(expr.expr)
    case 'binary':
      return [...referencesIn(expr.left), ...referencesIn(expr.right)]
    case 'call':
      return expr.args.flatMap(referencesIn)
    default:
      return []
  }
}

/** Whether a reference stands outside of aggregates: its value comes from a row. */
export function hasBareReference(expr: Expr): boolean {
  switch (expr.kind) {
    case 'reference':
      return true
    case 'paren':
      return hasBareReference(expr.expr)
    case 'binary':
      return hasBareReference(expr.left) || hasBareReference(expr.right)
    case 'call':
      return isMathFunction(expr.name) && expr.args.some(hasBareReference)
    default:
      return false
  }
}

/** The expression with each reference replaced by what `replace` says, and each DISTINCT by its call. */
export function mapReferences(expr: Expr, replace: (reference: Reference) => Expr): Expr {
  switch (expr.kind) {
    case 'reference':
      return replace(expr)
    case 'distinct':
      return {
        kind: 'call',
        name: 'distinct',
        args: [replace({ kind: 'reference', name: expr.name })],
      }
    case 'paren':
      return { ...expr, expr: mapReferences(expr.expr, replace) }
    case 'binary':
      return {
        ...expr,
        left: mapReferences(expr.left, replace),
        right: mapReferences(expr.right, replace),
      }
    case 'call':
      return { ...expr, args: expr.args.map((arg) => mapReferences(arg, replace)) }
    default:
      return expr
  }
}

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
  switch (expr.kind) {
    case 'reference':
      return isField(expr, table) ? (table.fields.get(expr.name) ?? 'float') : 'string'
    case 'integer':
      return 'integer'
    case 'paren':
      return typeOf(expr.expr, table)
    case 'call': {
      if (expr.name === 'count' || expr.name === 'elapsed') return 'integer'
      const [argument] = expr.args
      return argument !== undefined && keepsType.has(expr.name) ? typeOf(argument, table) : 'float'
    }
    case 'binary':
      return expr.op !== '/' &&
        typeOf(expr.left, table) === 'integer' &&
        typeOf(expr.right, table) === 'integer'
        ? 'integer'
        : 'float'
    default:
      return 'float'
  }
}
