import { isOnTags } from '../equal-tags.ts'
import type { Expr } from '../expression.ts'
import type { SelectStatement } from '../tree.ts'
import type { Asked } from './asked.ts'

/** One SELECT and what shapes its answer. */
export interface Plan {
  readonly select: SelectStatement
  /** Without time. */
  readonly condition: Expr | undefined
  readonly rangeNs: bigint
  readonly intervalNs: bigint
  readonly asked: Asked
}

/** Calls that answer one value for a window; every other one may answer as many as it is given. */
const collapsing: ReadonlySet<string> = new Set(
  'count integral mean median mode spread stddev sum first last max min percentile'.split(' '),
)

/** Points of all series that are enough for the answer: those of a LIMIT, or one of each series for a lone first() or last().
 *  Only where tags alone decide which points count. */
export function pointsThatSuffice(plan: Plan, series: number): number {
  const { select, condition, intervalNs, asked } = plan
  const [call, ...more] = asked.calls
  if (!isOnTags(condition)) return Number.POSITIVE_INFINITY
  if (call === undefined) return groupsOf(select, series) * limitOf(select)
  const isEdge = more.length === 0 && (call === 'first' || call === 'last')
  return isEdge && intervalNs === 0n ? series : Number.POSITIVE_INFINITY
}

/** Rows of the answer to what reads so many rows of so many series. */
export function rowsOf(
  { select, intervalNs, asked }: Plan,
  { series, buckets }: { readonly series: number; readonly buckets: number },
  read: number,
): number {
  const groups = groupsOf(select, series)
  const isCollapsed = asked.calls.length > 0 && asked.calls.every((name) => collapsing.has(name))
  const all = isCollapsed || intervalNs > 0n ? groups * buckets : read
  return Math.min(all, groups * limitOf(select))
}

/** Each group of tags is a series of the answer; without one there is a single group. */
function groupsOf({ dimensions, seriesLimit }: SelectStatement, series: number): number {
  const isGrouped = dimensions.some(({ kind }) => kind !== 'call')
  const groups = isGrouped ? series : Math.min(1, series)
  return seriesLimit === 0 ? groups : Math.min(groups, seriesLimit)
}

/** Rows of each group; 0 is no limit. */
const limitOf = ({ limit, offset }: SelectStatement): number =>
  limit === 0 ? Number.POSITIVE_INFINITY : limit + offset
