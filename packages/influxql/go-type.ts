import type { Expr } from './expression.ts'

/** Names that errors give the types of expressions, which are those of the reference. */
const goTypes: Readonly<Record<Expr['kind'], string>> = {
  reference: 'VarRef',
  number: 'NumberLiteral',
  integer: 'IntegerLiteral',
  unsigned: 'UnsignedLiteral',
  string: 'StringLiteral',
  boolean: 'BooleanLiteral',
  duration: 'DurationLiteral',
  time: 'TimeLiteral',
  regex: 'RegexLiteral',
  wildcard: 'Wildcard',
  distinct: 'Distinct',
  call: 'Call',
  binary: 'BinaryExpr',
  paren: 'ParenExpr',
}

export function goTypeOf(expr: Expr): string {
  return `*influxql.${goTypes[expr.kind]}`
}
