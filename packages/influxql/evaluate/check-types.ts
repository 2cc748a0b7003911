import { EvaluationError } from '../evaluation-error.ts'
import type { Binary, Expr } from '../expression.ts'
import { printExpression } from '../print-expression.ts'
import type { Value } from '../result.ts'
import { isTag } from './condition.ts'
import type { Table } from './frame.ts'
import { operate } from './operation.ts'
import { mapReferences, referencesIn } from './references.ts'
import type { FieldType } from './source.ts'
import { typeOf } from './type-of.ts'

const zeros: Readonly<Record<FieldType, Value>> = {
  float: 0,
  integer: 0n,
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
  const [one, other] = types.map((type) => (type === 'tag' ? null : zeros[type]))
  if (operate(op, one ?? null, other ?? null) !== null) return
  throw new EvaluationError(
    `type error: ${printExpression(withTypes(expr, table))}: incompatible types: ${types.join(' and ')}`,
  )
}

function isUnknown(expr: Expr, table: Table): boolean {
  return referencesIn(expr).some(({ name, type }) => type === undefined && !isKnown(name, table))
}

const isKnown = (name: string, table: Table): boolean =>
  table.fields.has(name) || table.tagKeys.includes(name)

function typeName(expr: Expr, table: Table): FieldType | 'tag' {
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
