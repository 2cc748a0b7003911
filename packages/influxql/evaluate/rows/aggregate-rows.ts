import type { Call, Expr, Reference } from '../../expression.ts'
import { printExpression } from '../../print/expression.ts'
import type { Fill } from '../../tree.ts'
import type { CallPlan } from '../call-plan.ts'
import { callPoints } from '../call-points.ts'
import { type Compiled, compileExpression } from '../expressions/compile-expression.ts'
import { isMathFunction } from '../functions/math-functions.ts'
import type { Group } from '../group.ts'
import type { OutputSeries } from '../output.ts'
import type { Points } from '../points.ts'
import { typeOf } from '../types/type-of.ts'
import { absentNumber } from '../windows/fill.ts'
import { type AggregateRow, joinPoints } from './join-points.ts'
import { compileReference as compileRowReference } from './raw-rows.ts'

/** By fields: each group of an answer asks for those of the same ones. */
const known = new WeakMap<readonly Expr[], ReadonlyMap<string, Call>>()

/** The calls of the fields, each once, in the order in which they are named. */
export function callsIn(exprs: readonly Expr[]): ReadonlyMap<string, Call> {
  const calls = known.get(exprs) ?? findCalls(exprs)
  known.set(exprs, calls)
  return calls
}

function findCalls(exprs: readonly Expr[]): ReadonlyMap<string, Call> {
  const calls = new Map<string, Call>()
  const visit = (expr: Expr): void => {
    if (expr.kind === 'call' && !isMathFunction(expr.name)) calls.set(printExpression(expr), expr)
    else if (expr.kind === 'call') expr.args.forEach(visit)
    else if (expr.kind === 'paren') visit(expr.expr)
    else if (expr.kind === 'binary') {
      visit(expr.left)
      visit(expr.right)
    }
  }
  exprs.forEach(visit)
  return calls
}

/** The fields over the outputs of their calls; other references are taken from the selected point. */
function compileFields(
  exprs: readonly Expr[],
  calls: ReadonlyMap<string, Call>,
  plan: CallPlan,
): Compiled<AggregateRow>[] {
  const slots = new Map([...calls.keys()].map((key, slot) => [key, slot]))
  return exprs.map((expr) =>
    compileExpression<AggregateRow>(expr, (part) => {
      if (part.kind === 'call') {
        const slot = slots.get(printExpression(part))
        return slot === undefined ? undefined : ({ values }) => values[slot] ?? null
      }
      return part.kind === 'reference' ? compileReference(part, plan) : undefined
    }),
  )
}

/** What nothing was selected for, or what the selected row lacks, is what fill() says: its number, or the last one there was. */
function compileReference(reference: Reference, { table, fill }: CallPlan): Compiled<AggregateRow> {
  const read = compileRowReference(reference, table)
  let absent = fill.kind === 'number' ? absentNumber(fill.value, typeOf(reference, table)) : null
  return ({ row }) => {
    const value = (row === undefined ? null : read(row)) ?? absent
    if (fill.kind === 'previous') absent = value
    return value
  }
}

interface Computed {
  readonly calls: ReadonlyMap<string, Call>
  readonly points: readonly Points[]
  readonly fill: Fill
}

/** The values of the calls as they are, where the columns are nothing but calls that all have the same times and no value is put in for one that is absent; else undefined. */
function plainColumns(
  exprs: readonly Expr[],
  { calls, points, fill }: Computed,
): Pick<OutputSeries, 'times' | 'columns'> | undefined {
  const [first] = points
  const isAligned = points.every(({ times }) => times === first?.times)
  if (first === undefined || !isAligned || fill.kind === 'number' || fill.kind === 'previous')
    return undefined
  const [only] = exprs
  if (only?.kind === 'call' && !isMathFunction(only.name) && exprs.length === 1)
    return { times: first.times, columns: [first.values] }
  const byCall = new Map([...calls.keys()].map((key, slot) => [key, points[slot]?.values]))
  const columns = exprs.flatMap((expr) => {
    const values = expr.kind === 'call' ? byCall.get(printExpression(expr)) : undefined
    return values === undefined ? [] : [values]
  })
  return columns.length === exprs.length ? { times: first.times, columns } : undefined
}

/** Rows of one group: one for each time that any of the calls has. */
export function aggregateGroup(
  exprs: readonly Expr[],
  group: Group,
  plan: CallPlan,
): OutputSeries | undefined {
  const points = [...callsIn(exprs).values()].map((call) => callPoints(call, group, plan))
  return rowsOf(exprs, { tags: group.tags, points }, plan)
}

/** The same of the points of its calls. */
export function rowsOf(
  exprs: readonly Expr[],
  { tags, points }: { readonly tags: Group['tags']; readonly points: readonly Points[] },
  plan: CallPlan,
): OutputSeries | undefined {
  const calls = callsIn(exprs)
  const plain = plan.needsRows ? undefined : plainColumns(exprs, { calls, points, fill: plan.fill })
  if (plain !== undefined)
    return plain.times.length === 0
      ? undefined
      : { name: plan.table.name, tags, ...plain, isAggregate: true }
  const compiled = compileFields(exprs, calls, plan)
  const types = [...calls.values()].map((call) => typeOf(call, plan.table))
  const { times, rows } = joinPoints(points, { ...plan, types })
  if (times.length === 0) return undefined
  return {
    name: plan.table.name,
    tags,
    times,
    columns: compiled.map((field) => rows.map(field)),
    isAggregate: true,
  }
}
