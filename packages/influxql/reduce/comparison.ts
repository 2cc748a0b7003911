import { comparisons } from '../arithmetic.ts'
import type { BinaryOperator, Expr } from '../expression.ts'

/** The sides of an operation on literals, and the time zone of texts that are times. */
export interface Operands {
  readonly left: Expr
  readonly right: Expr
  readonly timeZone?: string | undefined
}

type Comparable = bigint | number | string
/** The boolean that a comparison of two of one type is; undefined: the operator compares nothing. */
export function compare<Operand extends Comparable>(
  op: BinaryOperator,
  left: Operand,
  right: Operand,
): Expr | undefined {
  const test = comparisons[op]
  return test && { kind: 'boolean', value: test(left, right) }
}
