import type { ResultSeries, Value } from '../../answers/result.ts'
import type { Binary, Expr } from '../../expression.ts'
import { keyTest } from '../../key-filter.ts'
import { timeRangeOf } from '../../time-range.ts'
import type { ShowTagValuesStatement } from '../../tree.ts'
import type { EvaluationContext } from '../context.ts'
import { compileExpression } from '../expressions/compile-expression.ts'
import { isField, withName } from '../expressions/condition.ts'
import { referencesIn } from '../expressions/references.ts'
import type { Table } from '../frame.ts'
import type { SeriesKey } from '../source.ts'
import { paged } from './paged.ts'
import { shownMeasurements } from './show-filter.ts'

interface Candidate {
  readonly tags: ReadonlyMap<string, string>
  readonly value: string
}

const logical: ReadonlySet<string> = new Set(['AND', 'OR'])
const isValue = (expr: Expr) =>
  expr.kind === 'reference' && expr.name === 'value' && expr.type === undefined

/** The condition with true in place of the comparisons that `isDropped` names. */
function withoutSome(expr: Expr, isDropped: (comparison: Binary) => boolean): Expr {
  if (expr.kind === 'paren') return { ...expr, expr: withoutSome(expr.expr, isDropped) }
  if (expr.kind !== 'binary') return expr
  if (!logical.has(expr.op)) return isDropped(expr) ? { kind: 'boolean', value: true } : expr
  const left = withoutSome(expr.left, isDropped)
  return { ...expr, left, right: withoutSome(expr.right, isDropped) }
}

/** Whether a value is one asked for: `value` in the condition is the value itself, never a field; other fields say nothing of it. */
function valueTest(condition: Expr | undefined, table: Table): (candidate: Candidate) => boolean {
  if (condition === undefined) return () => true
  const wanted = withoutSome(condition, (comparison) => {
    const others = referencesIn(comparison).filter((reference) => !isValue(reference))
    return others.some(
      (reference) => isField(reference, table) && !table.tagKeys.includes(reference.name),
    )
  })
  const test = compileExpression<Candidate>(wanted, (part) => {
    if (part.kind !== 'reference') return undefined
    return isValue(part) ? ({ value }) => value : ({ tags }) => tags.get(part.name) ?? ''
  })
  return (candidate) => test(candidate) === true
}

/** Keys and values of each measurement, sorted. */
export async function showTagValues(
  statement: ShowTagValuesStatement,
  context: EvaluationContext,
): Promise<ResultSeries[]> {
  const { sources, filter } = statement
  const { condition } = timeRangeOf(statement.condition, context.nowNs)
  const ofSeries =
    statement.condition === undefined
      ? undefined
      : withoutSome(statement.condition, ({ left }) => isValue(left))
  const isAsked = keyTest(filter)
  const found: ResultSeries[] = []
  for (const { table, series } of await shownMeasurements(context, {
    sources,
    condition: ofSeries,
  })) {
    const accepts = valueTest(condition && withName(condition, table), table)
    const pairs = pairsOf(
      series,
      (key, value, tags) =>
        !context.hiddenTags.has(key) && isAsked(key) && accepts({ tags, value }),
    )
    const values = paged(pairs, statement)
    if (values.length > 0) found.push({ name: table.name, columns: ['key', 'value'], values })
  }
  return found
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
