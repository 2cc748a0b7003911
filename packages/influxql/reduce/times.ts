import type { BinaryOperator, Expr, TimeLiteral } from '../expression.ts'
import { parseWrittenTime } from '../time/time-literal.ts'
import { compare, type Operands } from './comparison.ts'

/** What an operation on durations and times is, of which one may be a text or an integer; undefined: there is no such operation. */
export function reduceTimes(op: BinaryOperator, operands: Operands): Expr | undefined {
  const { left, right, timeZone } = operands
  if (left.kind === 'string') return withText(op, operands)
  const after = asTime(right, timeZone)
  if (left.kind === 'duration') return withDuration(op, left.ns, after)
  if (left.kind === 'time') return withTime(op, left, after)
  return left.kind === 'integer' ? withInteger(op, left.value, after) : undefined
}

function asTime(expr: Expr, timeZone: string | undefined): Expr {
  const written = expr.kind === 'string' ? parseWrittenTime(expr.value, timeZone) : undefined
  return written === undefined ? expr : { kind: 'time', ...written }
}

const wrapped = (ns: bigint): bigint => BigInt.asIntN(64, ns)
const duration = (ns: bigint): Expr => ({ kind: 'duration', ns: wrapped(ns) })
const moved = (time: TimeLiteral, ns: bigint): Expr => ({ ...time, ns: time.ns + ns })

function withDuration(op: BinaryOperator, ns: bigint, right: Expr): Expr | undefined {
  if (right.kind === 'time') return op === '+' ? moved(right, ns) : undefined
  if (right.kind === 'integer' || right.kind === 'number') return scaled(op, ns, right)
  if (right.kind !== 'duration') return undefined
  if (op === '+') return duration(ns + right.ns)
  return op === '-' ? duration(ns - right.ns) : compare(op, ns, right.ns)
}

function scaled(
  op: BinaryOperator,
  ns: bigint,
  { value }: { readonly value: number | bigint },
): Expr | undefined {
  const by = typeof value === 'bigint' ? value : toInteger(value)
  if (op === '*') return duration(ns * by)
  if (op !== '/') return undefined
  if (Number(value) === 0) return duration(0n)
  // A divisor below one is no integer: the reference fails there.
  return by === 0n ? undefined : duration(ns / by)
}

/** As the reference makes an integer of a float: without its fraction, and the least one of what does not fit. */
export function toInteger(value: number): bigint {
  const fits = value >= -(2 ** 63) && value < 2 ** 63
  return fits ? BigInt(Math.trunc(value)) : -(2n ** 63n)
}

function withTime(op: BinaryOperator, left: TimeLiteral, right: Expr): Expr | undefined {
  if (right.kind === 'time')
    return op === '-' ? duration(saturated(left.ns - right.ns)) : compare(op, left.ns, right.ns)
  const ns = nsOf(right)
  if (ns === undefined) return undefined
  if (op === '+') return moved(left, ns)
  return op === '-' ? moved(left, wrapped(-ns)) : undefined
}

function nsOf(expr: Expr): bigint | undefined {
  if (expr.kind === 'duration') return expr.ns
  return expr.kind === 'integer' ? expr.value : undefined
}

function saturated(ns: bigint): bigint {
  const most = 2n ** 63n - 1n
  if (ns > most) return most
  return ns < -most - 1n ? -most - 1n : ns
}

/** A text on the left is a time where what is on its right may follow one. */
function withText(op: BinaryOperator, { left, right, timeZone }: Operands): Expr | undefined {
  const follows = ['duration', 'integer', 'string', 'time'].includes(right.kind)
  const time = follows ? asTime(left, timeZone) : left
  return time.kind === 'time' ? withTime(op, time, asTime(right, timeZone)) : undefined
}

/** An integer is a time before a duration, and a duration before a time. */
function withInteger(op: BinaryOperator, value: bigint, right: Expr): Expr | undefined {
  const time: TimeLiteral = { kind: 'time', ns: value, offsetNs: 0n }
  if (right.kind === 'duration')
    return op === '+' || op === '-' ? withTime(op, time, right) : undefined
  return right.kind === 'time' && op === '+' ? moved(right, value) : undefined
}
