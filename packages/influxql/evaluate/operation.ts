import type { BinaryOperator } from '../expression.ts'
import type { Value } from '../result.ts'

type Arithmetic = (left: number, right: number) => number

function bitwise(compute: (left: bigint, right: bigint) => bigint): Arithmetic {
  return (left, right) =>
    Number(BigInt.asIntN(64, compute(BigInt(Math.trunc(left)), BigInt(Math.trunc(right)))))
}

/** Division by zero is zero, as in InfluxDB. */
const arithmetic: Readonly<Partial<Record<BinaryOperator, Arithmetic>>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0 ? 0 : left / right),
  '%': (left, right) => (right === 0 ? 0 : left % right),
  '&': bitwise((left, right) => left & right),
  '|': bitwise((left, right) => left | right),
  '^': bitwise((left, right) => left ^ right),
}

const order: Readonly<Partial<Record<BinaryOperator, (left: number, right: number) => boolean>>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

/** Comparisons of different types are false; any other operation on them is null. */
export function operate(op: BinaryOperator, left: Value, right: Value): Value {
  if (op === 'AND') return left === true && right === true
  if (op === 'OR') return left === true || right === true
  const comparable = left !== null && right !== null && typeof left === typeof right
  if (op === '=') return comparable && left === right
  if (op === '!=') return comparable && left !== right
  const compare = order[op]
  if (compare !== undefined)
    return typeof left === 'number' && typeof right === 'number' && compare(left, right)
  return compute(op, left, right)
}

function compute(op: BinaryOperator, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return computeNumber(op, left, right)
  if (typeof left === 'boolean' && typeof right === 'boolean')
    return computeBoolean(op, left, right)
  return typeof left === 'string' && typeof right === 'string' && op === '+' ? left + right : null
}

/** What JSON cannot hold is null. */
function computeNumber(op: BinaryOperator, left: number, right: number): Value {
  const result = arithmetic[op]?.(left, right) ?? Number.NaN
  return Number.isFinite(result) ? result : null
}

function computeBoolean(op: BinaryOperator, left: boolean, right: boolean): Value {
  if (op === '&') return left && right
  if (op === '|') return left || right
  return op === '^' ? left !== right : null
}
