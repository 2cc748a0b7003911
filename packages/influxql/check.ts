import { FieldsCheck } from './evaluate/check/check-fields.ts'
import { requireArguments } from './evaluate/check/function-rules.ts'
import { isMathFunction, mathArity } from './evaluate/functions/math-functions.ts'
import { checkedInterval } from './evaluate/windows/interval-of.ts'
import { EvaluationError } from './evaluation-error.ts'
import type { Expr } from './expression.ts'
import { printExpression } from './print/expression.ts'
import { reduceSelect } from './reduce/select.ts'
import { timeRangeOf } from './time-range.ts'
import type { SelectStatement, Statement } from './tree.ts'

/** The rules InfluxDB applies to a SELECT before it reads anything. Throws `EvaluationError` with InfluxDB's text. */
export function checkStatement(statement: Statement, nowNs = 0n): void {
  if (statement.kind === 'select') checkSelect(reduceSelect(statement), { nowNs })
  else if (statement.kind === 'explain' || statement.kind === 'create continuous query')
    checkSelect(reduceSelect(statement.select), { nowNs })
}

interface Around {
  readonly nowNs: bigint
  readonly ascending?: boolean
  readonly hasInterval?: boolean
}

function checkSelect(select: SelectStatement, around: Around): void {
  const { nowNs } = around
  const { condition } = timeRangeOf(select.condition, nowNs, select.timeZone)
  if (condition !== undefined) checkCondition(condition)
  const own = checkedInterval(select, nowNs) !== undefined
  const hasInterval = own || around.hasInterval === true
  const ascending = select.sortFields[0]?.ascending ?? true
  if (
    around.ascending !== undefined &&
    select.sortFields.length > 0 &&
    ascending !== around.ascending
  )
    throw new EvaluationError(
      'subqueries must be ordered in the same direction as the query itself',
    )
  checkFields(select, { any: hasInterval, own })
  const inherited = { nowNs, ascending: around.ascending ?? ascending, hasInterval }
  for (const source of select.sources)
    if (source.kind === 'subquery') checkSelect(source.select, inherited)
}

function checkFields(select: SelectStatement, interval: { any: boolean; own: boolean }): void {
  const check = new FieldsCheck(select, interval)
  const fields = select.fields.filter(
    ({ expr }) => expr.kind !== 'reference' || expr.name !== 'time',
  )
  for (const { expr } of fields) check.expression(expr)
  if (fields.length === 0) throw new EvaluationError('at least 1 non-time field must be queried')
  check.together()
}

/** Within parentheses too, which the scope puts around a condition. */
function checkCondition(expr: Expr): void {
  if (expr.kind === 'paren') checkCondition(expr.expr)
  if (expr.kind === 'binary') {
    checkCondition(expr.left)
    checkCondition(expr.right)
  }
  if (expr.kind !== 'call') return
  if (!isMathFunction(expr.name))
    throw new EvaluationError(`invalid function call in condition: ${printExpression(expr)}`)
  requireArguments(expr, mathArity(expr.name))
  for (const arg of expr.args) checkCondition(arg)
}
