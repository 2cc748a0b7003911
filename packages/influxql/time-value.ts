import { EvaluationError } from './evaluation-error.ts'
import type { Binary, Expr } from './expression.ts'
import { printExpression } from './print-expression.ts'
import { parseTime } from './time-literal.ts'

interface Context {
  readonly nowNs: bigint
  readonly timeZone?: string | undefined
}

/** Nanoseconds of what is compared with `time`: now(), a date, a duration since the epoch, and sums of them. */
export function timeValueOf(expr: Expr, context: Context): bigint {
  switch (expr.kind) {
    case 'integer':
    case 'unsigned':
      return expr.value
    case 'number':
      return BigInt(Math.trunc(expr.value))
    case 'duration':
      return expr.ns
    case 'string':
      return stringTime(expr.value, context)
    case 'paren':
      return timeValueOf(expr.expr, context)
    case 'call':
      if (expr.name === 'now' && expr.args.length === 0) return context.nowNs
      throw incompatible(expr)
    case 'binary':
      return sumOf(expr, context)
    case 'boolean':
    case 'distinct':
    case 'reference':
    case 'regex':
    case 'wildcard':
      throw incompatible(expr)
  }
}

function incompatible(expr: Expr): EvaluationError {
  return new EvaluationError(
    `invalid operation: time and ${printExpression(expr)} are not compatible`,
  )
}

function stringTime(text: string, { timeZone }: Context): bigint {
  const ns = parseTime(text, timeZone)
  if (ns === undefined)
    throw new EvaluationError(
      `invalid operation: time and *influxql.StringLiteral are not compatible`,
    )
  return ns
}

function sumOf(expr: Binary, context: Context): bigint {
  const left = timeValueOf(expr.left, context)
  const right = timeValueOf(expr.right, context)
  if (expr.op === '+') return left + right
  if (expr.op === '-') return left - right
  if (expr.op === '*') return left * right
  if (expr.op === '/' && right !== 0n) return left / right
  throw incompatible(expr)
}
