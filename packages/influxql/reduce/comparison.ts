import type { BinaryOperator, Expr } from '../expression.ts'

/** The sides of an operation on literals, and the time zone of texts that are times. */
export interface Operands {
  readonly left: Expr
  readonly right: Expr
  readonly timeZone?: string | undefined
}

type Comparable = bigint | number | string
type Test = (left: Comparable, right: Comparable) => boolean

const tests: Readonly<Partial<Record<BinaryOperator, Test>>> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

/** The boolean that a comparison of two of one type is; undefined: the operator compares nothing. */
export function compare<Operand extends Comparable>(
  op: BinaryOperator,
  left: Operand,
  right: Operand,
): Expr | undefined {
  const test = tests[op]
  return test && { kind: 'boolean', value: test(left, right) }
}
