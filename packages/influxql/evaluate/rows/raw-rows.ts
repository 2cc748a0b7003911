import type { Expr, Reference } from '../../expression.ts'
import { type Compiled, compileExpression } from '../expressions/compile-expression.ts'
import { isField } from '../expressions/condition.ts'
import { fieldValue } from '../expressions/field-value.ts'
import { othersIn, referencesIn } from '../expressions/references.ts'
import type { FrameRow, Table } from '../frame.ts'
import type { Group } from '../group.ts'
import type { OutputSeries } from '../output.ts'
import { timeOf } from '../points.ts'
import { firstOfShards } from '../series-limit.ts'
import { mergedRows } from './merge-rows.ts'

export interface RawPlan {
  readonly table: Table
  readonly matches: Compiled<FrameRow> | undefined
  readonly ascending: boolean
  /** Every row of a subquery is a row; one of a measurement has one of the fields that are selected. */
  readonly isSubquery: boolean
  readonly limit: number
  readonly offset: number
}

/** The value of a field or tag in a row. */
export function compileReference(reference: Reference, table: Table): Compiled<FrameRow> {
  if (table.tagFields !== undefined) return compileColumn(reference, table)
  if (isField(reference, table)) return fieldValue(reference, table) ?? (() => null)
  return tagValue(reference)
}

const tagValue =
  ({ name }: Reference): Compiled<FrameRow> =>
  ({ frame }) =>
    frame.tags.get(name) ?? null

/** What a subquery has by that name, whatever its type, though a number is cast. Of the tags it has those that it groups by: queries around may group it by more. */
function compileColumn(reference: Reference, table: Table): Compiled<FrameRow> {
  const { name } = reference
  if (table.fields.has(name))
    return (
      fieldValue(reference, table) ?? fieldValue({ kind: 'reference', name }, table) ?? (() => null)
    )
  return table.tagKeys.includes(name) ? tagValue(reference) : () => null
}

function compileField(expr: Expr, table: Table): Compiled<FrameRow> {
  return compileExpression<FrameRow>(expr, (part) =>
    part.kind === 'reference' ? compileReference(part, table) : undefined,
  )
}

/** Not null in a row that has a field selected. */
function hasAny(exprs: readonly Expr[], table: Table): Compiled<FrameRow> {
  const fields = exprs
    .flatMap(referencesIn)
    .flatMap((reference) => (isField(reference, table) ? (fieldValue(reference, table) ?? []) : []))
  return (row) => (fields.some((field) => field(row) !== null) ? true : null)
}

/** InfluxDB's storage stops one row after the page in each shard, and an offset alone is a page of none: it yields one row of a measurement, and more from later shards. */
export function pageOf(rows: readonly FrameRow[], plan: RawPlan): readonly FrameRow[] {
  const { limit, offset, isSubquery } = plan
  if (limit > 0) return rows.slice(offset, offset + limit)
  if (offset === 0 || isSubquery) return rows.slice(offset)
  return firstOfShards(rows, timeOf, offset + 1).slice(offset)
}

/** The rows of one group that have a field selected. */
export function rawGroup(
  exprs: readonly Expr[],
  group: Group,
  plan: RawPlan,
): OutputSeries | undefined {
  const rows = pageOf(selectedRows(exprs, group, plan), plan)
  return rows.length === 0 ? undefined : { ...columnsOf(exprs, rows, plan), tags: group.tags }
}

export const columnsOf = (
  exprs: readonly Expr[],
  rows: readonly FrameRow[],
  { table }: RawPlan,
): Pick<OutputSeries, 'name' | 'times' | 'columns'> => ({
  name: table.name,
  times: rows.map(timeOf),
  columns: exprs.map((expr) => rows.map(compileField(expr, table))),
})

/** The rows of a group that have a field selected, in the order of the answer. */
export function selectedRows(
  exprs: readonly Expr[],
  group: Group,
  { table, matches, ascending, isSubquery }: RawPlan,
): readonly FrameRow[] {
  const has = isSubquery ? undefined : hasAny(exprs, table)
  const others = isSubquery
    ? undefined
    : othersIn(exprs).map((reference) => compileReference(reference, table))
  return mergedRows(group.frames(), { ascending, matches, has, others })
}
