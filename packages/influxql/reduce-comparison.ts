import type { BinaryOperator, Expr } from './expression.ts'

/** The sides of an operation on literals, and the time zone of texts that are times. */
export interface Operands {
  readonly left: Expr
  readonly right: Expr
  readonly timeZone?: string | undefined
}

/** The boolean that a comparison is; undefined: the operator compares nothing. */
export function compare<Operand extends bigint | number | string>(
  op: BinaryOperator,
  left: Operand,
  right: Operand,
): Expr | undefined {
  const value = resultOf(op, left, right)
  return value === undefined ? undefined : { kind: 'boolean', value }
}

function resultOf<Operand extends bigint | number | string>(
  op: BinaryOperator,
  left: Operand,
  right: Operand,
): boolean | undefined {
  switch (op) {
    case '=':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    default:
      return undefined
  }
}
