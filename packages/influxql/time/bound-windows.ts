import { EvaluationError } from '../evaluation-error.ts'
import { intersection, maxTimeNs, minTimeNs, type TimeRange, timeRangeOf } from '../time-range.ts'
import type { SelectStatement, Statement } from '../tree.ts'
import { groupIntervalOf } from './group-interval.ts'

/** Nobody can show more, and the answer would be larger than any store or client takes. */
const mostWindows = 1_000_000n

const everything: TimeRange = { minNs: minTimeNs, maxNs: maxTimeNs }

/** Throws `EvaluationError` for a statement that fills more windows of each series than anybody could show, at any depth, or whose range has no meaning.
 *  A range without lower bound begins where points do, which is not known here; with fill(none) only windows that have points are answered. */
export function boundWindows(statement: Statement, nowNs: bigint): void {
  if (statement.kind === 'select') boundSelect(statement, nowNs, everything)
}

function boundSelect(select: SelectStatement, nowNs: bigint, outer: TimeRange): void {
  const { sources, condition, timeZone, dimensions, fill } = select
  const range = intersection(timeRangeOf(condition, nowNs, timeZone), outer)
  const intervalNs = groupIntervalOf(dimensions)
  if (intervalNs > 0n && fill.kind !== 'none' && range.minNs !== minTimeNs)
    requireFew((closed(range, nowNs) - range.minNs) / intervalNs)
  for (const source of sources)
    if (source.kind === 'subquery') boundSelect(source.select, nowNs, range)
}

const closed = ({ maxNs }: TimeRange, nowNs: bigint): bigint =>
  maxNs === maxTimeNs ? nowNs : maxNs

function requireFew(windows: bigint): void {
  if (windows <= mostWindows) return
  const [count, most] = [windows, mostWindows].map((number) => number.toLocaleString('en'))
  throw new EvaluationError(
    `GROUP BY time would make ${count} windows of each series, more than ${most}; ask for a longer interval or a shorter range`,
  )
}
