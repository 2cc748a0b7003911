import type { Expr } from '../expression.ts'
import { type Compiled, compileExpression } from './compile-expression.ts'
import { isField } from './condition.ts'
import type { FrameRow, Table } from './frame.ts'
import type { Group } from './group.ts'
import type { OutputSeries } from './output.ts'
import { mergedRows, timeOf } from './points.ts'

export interface RawPlan {
  readonly table: Table
  /** A row has at least one of these fields; absent: any row will do. */
  readonly fields: readonly string[] | undefined
  readonly matches: Compiled<FrameRow> | undefined
  readonly ascending: boolean
}

function compileField(expr: Expr, table: Table): Compiled<FrameRow> {
  return compileExpression<FrameRow>(expr, (part) => {
    if (part.kind !== 'reference') return undefined
    const { name } = part
    return isField(part, table)
      ? ({ frame, index }) => frame.columns.get(name)?.[index] ?? null
      : ({ frame }) => frame.tags.get(name) ?? null
  })
}

/** The rows of one group that have a field selected. */
export function rawGroup(
  exprs: readonly Expr[],
  group: Group,
  plan: RawPlan,
): OutputSeries | undefined {
  const { table, fields, matches } = plan
  const hasField = ({ frame, index }: FrameRow) =>
    fields?.some((field) => (frame.columns.get(field)?.[index] ?? null) !== null) ?? true
  const rows = mergedRows(group.frames(), matches).filter(hasField)
  if (rows.length === 0) return undefined
  if (!plan.ascending) rows.reverse()
  const columns = exprs.map((expr) => rows.map(compileField(expr, table)))
  return { name: table.name, tags: group.tags, times: rows.map(timeOf), columns }
}
