import { EvaluationError } from '../evaluation-error.ts'
import type { Expr, TimeLiteral } from '../expression.ts'
import { goTypeOf } from '../go-type.ts'
import { toInteger } from '../reduce/times.ts'
import { reduceExpression } from '../reduce.ts'
import { isTimeText, parseWrittenTime, printWrittenTime } from './time-literal.ts'

interface Context {
  readonly nowNs: bigint
  readonly timeZone?: string | undefined
}

interface Limits {
  readonly minNs: bigint
  readonly maxNs: bigint
}

/** Nanoseconds of what is compared with `time`: now(), a date, a number or duration since the epoch, and sums of them. Times are within the limits; numbers are taken as they are. */
export function timeValueOf(expr: Expr, context: Context, limits: Limits): bigint {
  const value = reduceExpression(withTime(expr, context), context)
  if (value.kind === 'integer') return value.value
  if (value.kind === 'number') return toInteger(value.value)
  if (value.kind !== 'time' && value.kind !== 'duration')
    throw new EvaluationError(`invalid operation: time and ${goTypeOf(value)} are not compatible`)
  if (value.kind === 'time') requireWithin(value, limits)
  return value.ns
}

function withTime(expr: Expr, { timeZone }: Context): Expr {
  if (expr.kind !== 'string' || !isTimeText(expr.value)) return expr
  const written = parseWrittenTime(expr.value, timeZone)
  if (written === undefined) throw new EvaluationError('invalid timestamp string')
  return { kind: 'time', ...written }
}

/** The least time stands for an open beginning. */
function requireWithin(time: TimeLiteral, { minNs, maxNs }: Limits): void {
  const fault = time.ns > maxNs ? 'overflows' : time.ns <= minNs ? 'underflows' : undefined
  if (fault !== undefined)
    throw new EvaluationError(`time ${printWrittenTime(time)} ${fault} time literal`)
}
