import type { BinaryOperator, Expr } from '../expression.ts'

export const binary = (op: BinaryOperator, left: Expr, right: Expr): Expr => ({
  kind: 'binary',
  op,
  left,
  right,
})

/** The cast makes it the tag even where a field has its name. */
export const isTag = (name: string, value: string): Expr =>
  binary('=', { kind: 'reference', name, type: 'tag' }, { kind: 'string', value })
