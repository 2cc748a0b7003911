import type { Call, Expr } from '../expression.ts'
import { printExpression } from '../print-expression.ts'
import type { Value } from '../result.ts'
import type { CallPlan } from './call-plan.ts'
import { callPoints } from './call-points.ts'
import { type Compiled, compileExpression } from './compile-expression.ts'
import { isField } from './condition.ts'
import type { FrameRow } from './frame.ts'
import type { Group } from './group.ts'
import { isMathFunction } from './math-functions.ts'
import type { OutputSeries } from './output.ts'
import type { Points } from './points.ts'

/** The calls of the fields, each once, in the order in which they are named. */
export function callsIn(exprs: readonly Expr[]): ReadonlyMap<string, Call> {
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

interface AggregateRow {
  readonly values: readonly Value[]
  readonly row: FrameRow | undefined
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
      if (part.kind !== 'reference') return undefined
      return compileReference(part.name, isField(part, plan.table))
    }),
  )
}

function compileReference(name: string, isFieldName: boolean): Compiled<AggregateRow> {
  return ({ row }) => {
    if (row === undefined) return null
    if (isFieldName) return row.frame.columns.get(name)?.[row.index] ?? null
    return row.frame.tags.get(name) ?? null
  }
}

/** Rows of one group: one for each time that any of the calls has. */
export function aggregateGroup(
  exprs: readonly Expr[],
  group: Group,
  plan: CallPlan,
): OutputSeries | undefined {
  const calls = callsIn(exprs)
  const points = [...calls.values()].map((call) => callPoints(call, group, plan))
  const compiled = compileFields(exprs, calls, plan)
  const missing = plan.fill.kind === 'number' ? Number(plan.fill.value) : null
  const { times, rows } = joined(points, plan.ascending, missing)
  if (times.length === 0) return undefined
  return {
    name: plan.table.name,
    tags: group.tags,
    times,
    columns: compiled.map((field) => rows.map(field)),
  }
}

interface Joined {
  readonly times: readonly bigint[]
  readonly rows: readonly AggregateRow[]
}

function joined(points: readonly Points[], ascending: boolean, missing: Value): Joined {
  const [first] = points
  const isAligned = points.every(({ times }) => times === first?.times)
  if (first !== undefined && isAligned)
    return {
      times: first.times,
      rows: first.times.map((_, at) => rowAt(points, at)),
    }
  return mergedByTime(points, ascending, missing)
}

function rowAt(points: readonly Points[], at: number): AggregateRow {
  return { values: points.map(({ values }) => values[at] ?? null), row: points[0]?.rows?.[at] }
}

function mergedByTime(points: readonly Points[], ascending: boolean, missing: Value): Joined {
  const next = points.map(() => 0)
  const times: bigint[] = []
  const rows: AggregateRow[] = []
  for (;;) {
    const time = nextTime(points, next, ascending)
    if (time === undefined) return { times, rows }
    let row: FrameRow | undefined
    const values = points.map((one, slot) => {
      const at = next[slot] ?? 0
      if (one.times[at] !== time) return missing
      next[slot] = at + 1
      row ??= one.rows?.[at]
      return one.values[at] ?? null
    })
    times.push(time)
    rows.push({ values, row })
  }
}

function nextTime(
  points: readonly Points[],
  next: readonly number[],
  ascending: boolean,
): bigint | undefined {
  let best: bigint | undefined
  for (let slot = 0; slot < points.length; slot++) {
    const time = points[slot]?.times[next[slot] ?? 0]
    if (time === undefined) continue
    if (best === undefined || (ascending ? time < best : time > best)) best = time
  }
  return best
}
