import { applyMath, isMathFunction, mathArity } from './evaluate/functions/math-functions.ts'
import type { Binary, Call, Expr, Reference } from './expression.ts'
import { reduceLiterals } from './reduce/literals.ts'
import { withParts } from './walk.ts'

/** What the reference computes before it looks at an expression (influxql's `Reduce`): operations on literals, AND and OR with true or false, `now()`, and parentheses around what is no operation. */
export interface ReduceContext {
  /** What `now()` is; absent: it is left. */
  readonly nowNs?: bigint
  /** Of texts that are times. */
  readonly timeZone?: string | undefined
  /** Whether functions of numbers are computed. */
  readonly hasMath?: boolean
}

/** The reduced expression, without parentheses around the whole. */
export function reduceExpression(expr: Expr, context: ReduceContext): Expr {
  const reduced = reduce(expr, context)
  return reduced.kind === 'paren' ? reduced.expr : reduced
}

/** The same with parentheses around the whole kept where they are around an operation. */
export function reduce(expr: Expr, context: ReduceContext): Expr {
  const reduced = withParts(expr, (part) => reduce(part, context))
  if (reduced.kind === 'binary') return reduceBinary(reduced, context.timeZone)
  if (reduced.kind === 'call') return reduceCall(reduced, context)
  if (reduced.kind === 'paren') return reduceParen(reduced.expr)
  return reduced.kind === 'reference' ? reduceReference(reduced, context) : reduced
}

export function reduceParen(expr: Expr): Expr {
  return expr.kind === 'binary' ? { kind: 'paren', expr } : expr
}

/** The reference knows the moment by the name `"now()"` too. */
function reduceReference(reference: Reference, { nowNs }: ReduceContext): Expr {
  return nowNs !== undefined && reference.name === 'now()' ? momentAt(nowNs) : reference
}

const momentAt = (ns: bigint): Expr => ({ kind: 'time', ns, offsetNs: 0n })

/** A call whose arguments are reduced. */
function reduceCall(call: Call, context: ReduceContext): Expr {
  const { nowNs } = context
  if (nowNs !== undefined && call.name === 'now' && call.args.length === 0) return momentAt(nowNs)
  return (context.hasMath === true ? reduceMath(call) : undefined) ?? call
}

function reduceMath({ name, args }: Call): Expr | undefined {
  const numbers = args.flatMap((arg) =>
    arg.kind === 'number' || arg.kind === 'integer' ? [arg.value] : [],
  )
  if (!isMathFunction(name) || numbers.length < args.length || args.length !== mathArity(name))
    return undefined
  const value = applyMath(name, numbers)
  if (typeof value === 'bigint') return { kind: 'integer', value }
  return typeof value === 'number' ? { kind: 'number', value } : undefined
}

/** An operation whose sides are reduced. */
export function reduceBinary(expr: Binary, timeZone?: string): Expr {
  const { op, left, right } = expr
  const decided = op === 'AND' || op === 'OR' ? reduceLogical(expr) : undefined
  return decided ?? reduceLiterals(op, { left, right, timeZone }) ?? expr
}

function reduceLogical({ op, left, right }: Binary): Expr | undefined {
  const decides = op === 'OR'
  if (isBoolean(left, decides) || isBoolean(right, decides))
    return { kind: 'boolean', value: decides }
  if (isBoolean(left, !decides)) return right
  return isBoolean(right, !decides) ? left : undefined
}

const isBoolean = (expr: Expr, value: boolean): boolean =>
  expr.kind === 'boolean' && expr.value === value
