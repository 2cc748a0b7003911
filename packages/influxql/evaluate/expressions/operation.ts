import type { Value } from '../../answers/result.ts'
import { comparisons, ofFloats } from '../../arithmetic.ts'
import type { BinaryOperator } from '../../expression.ts'

type Arithmetic<Operand> = (left: Operand, right: Operand) => Value

const wrapped = (value: bigint): bigint => BigInt.asIntN(64, value)

/** Integers wrap around as Go's do; their quotient is a float. */
const ofIntegers: Readonly<Partial<Record<BinaryOperator, Arithmetic<bigint>>>> = {
  '+': (left, right) => wrapped(left + right),
  '-': (left, right) => wrapped(left - right),
  '*': (left, right) => wrapped(left * right),
  '/': (left, right) => (right === 0n ? 0 : Number(left) / Number(right)),
  '%': (left, right) => (right === 0n ? 0n : left % right),
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
}

const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value)

const ofUnsigned: Readonly<Partial<Record<BinaryOperator, Arithmetic<bigint>>>> = {
  '+': (left, right) => unsigned(left + right),
  '-': (left, right) => unsigned(left - right),
  '*': (left, right) => unsigned(left * right),
  '/': (left, right) => (right === 0n ? 0n : left / right),
  '%': (left, right) => (right === 0n ? 0n : left % right),
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
}

const ofBooleans: Readonly<Partial<Record<BinaryOperator, Arithmetic<boolean>>>> = {
  AND: (left, right) => left && right,
  OR: (left, right) => left || right,
  '&': (left, right) => left && right,
  '|': (left, right) => left || right,
  '^': (left, right) => left !== right,
}

/** Comparisons of different types, or with what is absent, are false; any other operation on them is null. */
export function operate(op: BinaryOperator, left: Value, right: Value): Value {
  if (typeof left === 'boolean' || typeof right === 'boolean') return withBooleans(op, left, right)
  if (isNumeric(left) && isNumeric(right)) return withNumbers(op, left, right)
  if (op === '=' || op === '!=')
    return (
      typeof left === 'string' && typeof right === 'string' && (left === right) === (op === '=')
    )
  return comparisons[op] === undefined ? null : false
}

const isNumeric = (value: Value): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

function withNumbers(op: BinaryOperator, left: number | bigint, right: number | bigint): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return withIntegers(op, left, right)
  const [one, other] = [Number(left), Number(right)]
  return comparisons[op]?.(one, other) ?? ofFloats[op]?.(one, other) ?? null
}

const greatest = 2n ** 63n - 1n

function withIntegers(op: BinaryOperator, left: bigint, right: bigint): Value {
  if (left <= greatest && right <= greatest)
    return comparisons[op]?.(left, right) ?? ofIntegers[op]?.(left, right) ?? null
  // What no signed integer holds is unsigned, and so is what it meets; only an order sees a sign first.
  const [one, other] = [BigInt.asUintN(64, left), BigInt.asUintN(64, right)]
  if (op === '=' || op === '!=') return (one === other) === (op === '=')
  return comparisons[op]?.(left, right) ?? ofUnsigned[op]?.(one, other) ?? null
}

function withBooleans(op: BinaryOperator, left: Value, right: Value): Value {
  const comparable = typeof left === 'boolean' && typeof right === 'boolean'
  if (op === '=') return comparable && left === right
  if (op === '!=') return comparable && left !== right
  const compute = ofBooleans[op]
  // A boolean on the right of something else has no operation at all.
  if (compute !== undefined && typeof left === 'boolean') return comparable && compute(left, right)
  return comparisons[op] === undefined ? null : false
}
