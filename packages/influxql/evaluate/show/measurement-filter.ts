import { EvaluationError } from '../../evaluation-error.ts'
import type { Binary, Expr } from '../../expression.ts'
import { timeRangeOf } from '../../time-range.ts'
import type { EvaluationContext } from '../context.ts'
import { matcherOf } from '../expressions/compile-expression.ts'
import { measurementsInRange, type ShownMeasurement, shownMeasurements } from './show-filter.ts'

type Request = Parameters<typeof shownMeasurements>[1]

/** The names of measurements of which the condition of SHOW MEASUREMENTS holds: not of their series one by one, but of all values that they have of a tag
 *  (tsdb/index/inmem, measurementNamesByTagFilters): `!=` holds where a tag has none of that value, and never where no series has the tag. */
export async function matchingMeasurements(
  context: EvaluationContext,
  request: Request,
): Promise<string[]> {
  if (request.condition !== undefined && comparesTime(request.condition))
    throw new EvaluationError("SHOW MEASUREMENTS doesn't support time in WHERE clause")
  const { condition } = timeRangeOf(request.condition, context.nowNs)
  const shown =
    condition === undefined || !isOfTags(condition)
      ? await shownMeasurements(context, request)
      : (await measurementsInRange(context, request)).filter((one) => holds(condition, one))
  return shown.map(({ table }) => table.name)
}

/** Where time stands on the left of an operator, as the reference looks for it. */
function comparesTime(expr: Expr): boolean {
  if (expr.kind === 'paren') return comparesTime(expr.expr)
  if (expr.kind !== 'binary') return false
  const { left, right } = expr
  if (isLogical(expr)) return comparesTime(left) || comparesTime(right)
  return left.kind === 'reference' && left.name.toLowerCase() === 'time'
}

const isLogical = ({ op }: Binary): boolean => op === 'AND' || op === 'OR'
const comparisons: ReadonlySet<string> = new Set(['=', '!=', '=~', '!~'])

/** Whether it is made of comparisons of names with texts and regular expressions alone. */
function isOfTags(expr: Expr): boolean {
  if (expr.kind === 'paren') return isOfTags(expr.expr)
  if (expr.kind !== 'binary') return false
  const { op, left, right } = expr
  if (isLogical(expr)) return isOfTags(left) && isOfTags(right)
  const isText = right.kind === 'string' || right.kind === 'regex'
  return comparisons.has(op) && left.kind === 'reference' && isText
}

function holds(expr: Expr, shown: ShownMeasurement): boolean {
  if (expr.kind === 'paren') return holds(expr.expr, shown)
  if (expr.kind !== 'binary') return false
  const { op, left, right } = expr
  if (op === 'AND') return holds(left, shown) && holds(right, shown)
  if (op === 'OR') return holds(left, shown) || holds(right, shown)
  const name = left.kind === 'reference' ? left.name : ''
  const values =
    name === '_name' ? [shown.table.name] : shown.series.flatMap(({ tags }) => tags.get(name) ?? [])
  if (values.length === 0) return false
  const matches = right.kind === 'regex' ? matcherOf(right.source) : textTest(right)
  return values.some(matches) === (op === '=' || op === '=~')
}

const textTest =
  (expr: Expr) =>
  (value: string): boolean =>
    expr.kind === 'string' && value === expr.value
