import { isMathFunction } from '../evaluate/functions/math-functions.ts'
import { checkTypes } from '../evaluate/types/check-types.ts'
import { requireType } from '../evaluate/types/require-type.ts'
import { typeOf } from '../evaluate/types/type-of.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { Call, Expr } from '../expression.ts'
import type { Field } from '../tree.ts'
import { walkExpression } from '../walk.ts'
import { ScopeError } from './error.ts'

/** Types come from casts alone. */
const nothing = { name: '', fields: new Map(), tagKeys: [] }

/**
 * Refuses what has no meaning for the types that a caller with grants gave, as `median(state::string)` or `up::boolean + 1`. InfluxDB does so itself, but only where some series of the measurement has such
 * a field, and with the types of fields in its text: its error would tell what other deployments have.
 * Throws `ScopeError`, with InfluxDB's text.
 */
export function checkOwnTypes(fields: readonly Field[]): void {
  try {
    for (const { expr } of fields) {
      checkTypes(expr, nothing)
      walkExpression(expr, checkCall)
    }
  } catch (error) {
    if (error instanceof EvaluationError) throw new ScopeError(error.message, 'not_authorized')
    throw error
  }
}

function checkCall(expr: Expr): void {
  if (expr.kind !== 'call' || isMathFunction(expr.name)) return
  const [argument] = expr.args
  if (argument !== undefined && hasOwnType(argument)) requireTypeOf(expr, argument)
}

const requireTypeOf = ({ name }: Call, argument: Expr): void =>
  requireType(name, typeOf(argument, nothing))

/** `time` and what a function refuses whatever its type have none. */
const hasOwnType = (expr: Expr): boolean =>
  expr.kind === 'call' || (expr.kind === 'reference' && expr.type !== undefined)
