import type { Expr } from '../../expression.ts'
import type { Frame, FrameRow } from '../frame.ts'
import { type Group, keyOf, tagsOf } from '../group.ts'
import type { OutputSeries } from '../output.ts'
import { columnsOf, pageOf, type RawPlan, selectedRows } from './raw-rows.ts'

/** The rows of a subquery by its own groups, from a group of the query around it: InfluxDB merges all series of that one, and the query around sees the rows of one time in the order of that merge. */
export function rankedRows(
  exprs: readonly Expr[],
  group: Group,
  { plan, dimensions }: { readonly plan: RawPlan; readonly dimensions: readonly string[] },
): OutputSeries[] {
  const ranks = new Map<FrameRow, bigint>()
  const own = new Map<string, FrameRow[]>()
  const ofFrame = new Map<Frame, FrameRow[]>()
  for (const row of selectedRows(exprs, group, plan)) {
    const rank = BigInt(ranks.size)
    ranks.set(row, plan.ascending ? rank : -rank)
    const rows = ofFrame.get(row.frame) ?? rowsOf(own, keyOf(row.frame.tags, dimensions))
    ofFrame.set(row.frame, rows)
    rows.push(row)
  }
  return [...own.values()].map((all) => {
    const rows = pageOf(all, plan)
    return {
      ...columnsOf(exprs, rows, plan),
      tags: tagsOf(all[0]?.frame, dimensions),
      ranks: rows.map((row) => ranks.get(row) ?? 0n),
    }
  })
}

function rowsOf(byKey: Map<string, FrameRow[]>, key: string): FrameRow[] {
  const known = byKey.get(key) ?? []
  byKey.set(key, known)
  return known
}
