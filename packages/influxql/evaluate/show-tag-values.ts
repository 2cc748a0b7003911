import type { Expr } from '../expression.ts'
import type { ResultSeries, Value } from '../result.ts'
import { timeRangeOf } from '../time-range.ts'
import type { ShowTagValuesStatement } from '../tree.ts'
import { compileExpression } from './compile-expression.ts'
import type { EvaluationContext } from './context.ts'
import { keyTest } from './key-filter.ts'
import { paged } from './paged.ts'
import { shownMeasurements } from './show-filter.ts'
import type { SeriesKey } from './source.ts'

interface Candidate {
  readonly tags: ReadonlyMap<string, string>
  readonly value: string
}

const logical: ReadonlySet<string> = new Set(['AND', 'OR'])
const isValue = (expr: Expr) =>
  expr.kind === 'reference' && expr.name === 'value' && expr.type === undefined

/** The condition with every comparison out of it that does not compare the name `value`: those have chosen the series already. */
function onValue(expr: Expr): Expr | undefined {
  if (expr.kind === 'paren') return onValue(expr.expr)
  if (expr.kind !== 'binary') return undefined
  if (!logical.has(expr.op)) return isValue(expr.left) ? expr : undefined
  const [left, right] = [onValue(expr.left), onValue(expr.right)]
  // Under OR the other side may hold for the series, so nothing can be said of the value alone.
  if (left === undefined || right === undefined)
    return expr.op === 'AND' ? (left ?? right) : undefined
  return { ...expr, left, right }
}

/** The condition for choosing series: `value` is the value asked for, never a field or tag. */
function onSeries(expr: Expr): Expr {
  if (expr.kind === 'paren') return { ...expr, expr: onSeries(expr.expr) }
  if (expr.kind !== 'binary') return expr
  if (!logical.has(expr.op)) return isValue(expr.left) ? { kind: 'boolean', value: true } : expr
  return { ...expr, left: onSeries(expr.left), right: onSeries(expr.right) }
}

/** Keys and values of each measurement, sorted. */
export async function showTagValues(
  statement: ShowTagValuesStatement,
  context: EvaluationContext,
): Promise<ResultSeries[]> {
  const { condition } = timeRangeOf(statement.condition, context.nowNs)
  const wanted = condition === undefined ? undefined : onValue(condition)
  const accepts =
    wanted === undefined
      ? () => true
      : compileExpression<Candidate>(wanted, (part) => {
          if (part.kind !== 'reference') return undefined
          return isValue(part) ? ({ value }) => value : ({ tags }) => tags.get(part.name) ?? ''
        })
  const isAsked = keyTest(statement.filter)
  const chosen = statement.condition === undefined ? undefined : onSeries(statement.condition)
  const shown = await shownMeasurements(context, { sources: statement.sources, condition: chosen })
  return shown.flatMap(({ name, series }) => {
    const values = pairsOf(
      series,
      (key, value, tags) =>
        !context.hiddenTags.has(key) && isAsked(key) && accepts({ tags, value }) === true,
    )
    const some = paged(values, statement)
    return some.length === 0 ? [] : [{ name, columns: ['key', 'value'], values: some }]
  })
}

function pairsOf(
  series: readonly SeriesKey[],
  isWanted: (key: string, value: string, tags: ReadonlyMap<string, string>) => boolean,
): Value[][] {
  const found = new Map<string, [string, string]>()
  for (const { tags } of series)
    for (const [key, value] of tags)
      if (isWanted(key, value, tags)) found.set(`${key}\0${value}`, [key, value])
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair)
}
