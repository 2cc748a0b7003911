import { ofFloats } from '../arithmetic.ts'
import type { BinaryOperator, Expr, IntegerLiteral } from '../expression.ts'
import { compare } from './comparison.ts'

/** What an operation on two numbers is, which without a meaning is one on the type that they have together; undefined: they are not both numbers. */
export function reduceNumbers(op: BinaryOperator, left: Expr, right: Expr): Expr | undefined {
  if (left.kind === 'integer' && right.kind === 'integer')
    return compare(op, left.value, right.value) ?? ofIntegers(op, left.value, right.value)
  if (isWhole(left) && isWhole(right)) return ofUnsigned(op, left.value, right.value)
  const [one, other] = [floatOf(left), floatOf(right)]
  if (one === undefined || other === undefined) return undefined
  const asFloats = { left: number(one), right: right.kind === 'integer' ? right : number(other) }
  return (
    compare(op, one, other) ?? computeFloats(op, one, other) ?? { kind: 'binary', op, ...asFloats }
  )
}

const isWhole = (expr: Expr): expr is IntegerLiteral =>
  expr.kind === 'integer' || expr.kind === 'unsigned'

function floatOf(expr: Expr): number | undefined {
  if (expr.kind === 'number') return expr.value
  return isWhole(expr) ? Number(expr.value) : undefined
}

type Compute<Operand> = (left: Operand, right: Operand) => Operand

const ofWhole: Readonly<Partial<Record<BinaryOperator, Compute<bigint>>>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '%': (left, right) => (right === 0n ? 0n : left % right),
}

const ofBits: Readonly<Partial<Record<BinaryOperator, Compute<bigint>>>> = {
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
}

/** They wrap around; their quotient is a float. */
function ofIntegers(op: BinaryOperator, left: bigint, right: bigint): Expr | undefined {
  if (op === '/') return number(right === 0n ? 0 : Number(left) / Number(right))
  const compute = ofWhole[op] ?? ofBits[op]
  if (compute === undefined) return undefined
  return { kind: 'integer', value: BigInt.asIntN(64, compute(left, right)) }
}

/** Where one is unsigned both are; only an order knows a sign before. */
function ofUnsigned(op: BinaryOperator, left: bigint, right: bigint): Expr {
  const isOrder = op !== '=' && op !== '!='
  const ordered = isOrder ? compare(op, left, right) : undefined
  if (ordered !== undefined) return ordered
  const [one, other] = [BigInt.asUintN(64, left), BigInt.asUintN(64, right)]
  const compared = compare(op, one, other)
  if (compared !== undefined) return compared
  const divided = op === '/' ? (other === 0n ? 0n : one / other) : undefined
  const value = divided ?? ofWhole[op]?.(one, other)
  return value === undefined
    ? { kind: 'binary', op, left: unsigned(one), right: unsigned(other) }
    : unsigned(BigInt.asUintN(64, value))
}

function computeFloats(op: BinaryOperator, left: number, right: number): Expr | undefined {
  const compute = ofFloats[op]
  return compute === undefined ? undefined : number(compute(left, right))
}

const number = (value: number): Expr => ({ kind: 'number', value })
const unsigned = (value: bigint): Expr => ({ kind: 'unsigned', value })
