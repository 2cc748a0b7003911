import type { Value } from '../../answers/result.ts'
import { EvaluationError } from '../../evaluation-error.ts'
import type { Binary, Expr } from '../../expression.ts'
import { printExpression } from '../../print/expression.ts'
import { isTag } from '../expressions/condition.ts'
import { operate } from '../expressions/operation.ts'
import { mapReferences, referencesIn } from '../expressions/references.ts'
import type { Table } from '../frame.ts'
import type { FieldType } from '../source.ts'
import { typeOf } from './type-of.ts'

type Type = FieldType | 'tag' | 'unsigned'

const zeros: Readonly<Record<Exclude<Type, 'tag'>, Value>> = {
  float: 0,
  integer: 0n,
  unsigned: 0n,
  string: '',
  boolean: false,
}

const hasType = ({ kind }: Expr): boolean =>
  kind !== 'regex' && kind !== 'wildcard' && kind !== 'duration'

/** Operations that no value of these types has, as `float | integer`. Throws `EvaluationError` with InfluxDB's text. */
export function checkTypes(expr: Expr, table: Table): void {
  if (expr.kind === 'paren') checkTypes(expr.expr, table)
  if (expr.kind === 'call') for (const arg of expr.args) checkTypes(arg, table)
  if (expr.kind !== 'binary') return
  checkTypes(expr.left, table)
  checkTypes(expr.right, table)
  checkBinary(expr, table)
}

function checkBinary(expr: Binary, table: Table): void {
  const { op, left, right } = expr
  if (!hasType(left) || !hasType(right) || isUnknown(left, table) || isUnknown(right, table)) return
  const types = [typeName(left, table), typeName(right, table)] as const
  requireOneSign(expr, types, table)
  const [one, other] = types.map((type) => (type === 'tag' ? null : zeros[type]))
  if (operate(op, one ?? null, other ?? null) !== null) return
  throw typeError(expr, table, `incompatible types: ${types.join(' and ')}`)
}

const typeError = (expr: Binary, table: Table, message: string): EvaluationError =>
  new EvaluationError(`type error: ${printExpression(withTypes(expr, table))}: ${message}`)

/** An integer meets an unsigned one only where the integer is a literal. */
function requireOneSign(expr: Binary, types: readonly [Type, Type], table: Table): void {
  if (!types.includes('unsigned') || !types.includes('integer')) return
  const isFirst = types[0] === 'unsigned'
  const [unsigned, integer] = isFirst ? [expr.left, expr.right] : [expr.right, expr.left]
  if (unsigned.kind === 'unsigned')
    throw typeError(expr, table, `cannot use ${expr.op} with an integer and unsigned literal`)
  if (integer.kind !== 'integer')
    throw typeError(
      expr,
      table,
      `cannot use ${expr.op} between an integer and unsigned, an explicit cast is required`,
    )
}

function isUnknown(expr: Expr, table: Table): boolean {
  return referencesIn(expr).some(({ name, type }) => type === undefined && !isKnown(name, table))
}

const isKnown = (name: string, table: Table): boolean =>
  table.fields.has(name) || table.tagKeys.includes(name)

function typeName(expr: Expr, table: Table): Type {
  if (expr.kind === 'unsigned') return expr.kind
  if (expr.kind === 'reference' && expr.type === 'unsigned') return expr.type
  const type = typeOf(expr, table)
  // What keeps the type of its argument keeps that of a tag.
  const [kept] = expr.kind === 'call' && type === 'string' ? expr.args : [expr]
  return kept?.kind === 'reference' && kept.type === undefined && isTag(kept, table) ? 'tag' : type
}

const ownType = (name: string, { fields, tagFields }: Table): FieldType | 'tag' =>
  (tagFields?.has(name) === true ? undefined : fields.get(name)) ?? 'tag'

/** With the types that InfluxDB has found by then. */
function withTypes(expr: Expr, table: Table): Expr {
  return mapReferences(expr, (reference) =>
    reference.type === undefined && isKnown(reference.name, table)
      ? { ...reference, type: ownType(reference.name, table) }
      : reference,
  )
}
