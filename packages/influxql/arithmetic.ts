import type { BinaryOperator } from './expression.ts'

type Operations<Operand, Result> = Readonly<
  Partial<Record<BinaryOperator, (left: Operand, right: Operand) => Result>>
>

/** Comparisons of two values that have an order. */
export const comparisons: Operations<bigint | number | string, boolean> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

/** Division by zero is zero, its rest is no number, as in InfluxDB. */
export const ofFloats: Operations<number, number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0 ? 0 : left / right),
  '%': (left, right) => left % right,
}
