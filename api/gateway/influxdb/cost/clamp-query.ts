import { bucketAround } from '@warren/influxql/evaluate/windows/buckets'
import { intervalOf } from '@warren/influxql/evaluate/windows/interval-of'
import { EvaluationError } from '@warren/influxql/evaluation-error'
import { rangeOf, withRange } from '@warren/influxql/time/time-bounds'
import { maxTimeNs, minTimeNs, type TimeRange } from '@warren/influxql/time-range'
import type { SelectStatement } from '@warren/influxql/tree'
import type { ScopedQuery } from '../answer-query.ts'

/** A query over the newest part of its range. */
export interface Clamped {
  readonly query: ScopedQuery
  /** Where it begins now, nanoseconds since the epoch. */
  readonly fromNs: bigint
}

const secondNs = 1_000_000_000n
/** Where a range begins that names no beginning: as old as points are by default. */
const longestNs = 30n * 86_400n * secondNs
/** Halvings of a range that are tried: to a minute of two years. */
const halvings = 20

function boundsOf(select: SelectStatement, nowNs: bigint): TimeRange {
  const { minNs, maxNs } = rangeOf(select, nowNs)
  const end = maxNs === maxTimeNs ? nowNs : maxNs
  return { minNs: minNs === minTimeNs ? end - longestNs : minNs, maxNs: end }
}

/** The first window that begins at a moment or after it, or the first second: no window is shown that is cut. */
function wholeFrom(select: SelectStatement, ns: bigint, nowNs: bigint): bigint {
  const interval = intervalOf(select, nowNs)
  const { start, end } =
    interval === undefined
      ? { start: ns - (ns % secondNs), end: ns - (ns % secondNs) + secondNs }
      : bucketAround(ns, interval)
  return start === ns ? start : end
}

/** The beginning of the longest newest part of a range that is cheap enough, by halves. */
function cheapStart(
  select: SelectStatement,
  { minNs, maxNs }: TimeRange,
  isCheapPart: (part: SelectStatement) => boolean,
): bigint {
  const isCheap = (fromNs: bigint) => isCheapPart(withRange(select, { minNs: fromNs, maxNs }))
  let [dear, cheap] = [minNs, maxNs]
  for (let step = 0; step < halvings; step += 1) {
    const middle = (dear + cheap) / 2n
    if (isCheap(middle)) cheap = middle
    else dear = middle
  }
  return cheap
}

/** One SELECT over as much of its newest time as costs no more than this; undefined where there is no such part, or several statements. */
export function clampQuery(
  { statements, epoch, nowNs, mayBeBytes }: ScopedQuery,
  maxCost: number,
  priceOf: (select: SelectStatement) => number,
): Clamped | undefined {
  const [select, ...others] = statements
  if (select?.kind !== 'select' || others.length > 0) return undefined
  try {
    const bounds = boundsOf(select, nowNs)
    const { maxNs } = bounds
    const isCheap = (part: SelectStatement): boolean => priceOf(part) <= maxCost
    const fromNs = wholeFrom(select, cheapStart(select, bounds, isCheap), nowNs)
    const part = withRange(select, { minNs: fromNs, maxNs })
    if (fromNs > maxNs || !isCheap(part)) return undefined
    return { query: { statements: [part], epoch, nowNs, mayBeBytes }, fromNs }
  } catch (error) {
    // The store words it.
    if (error instanceof EvaluationError) return undefined
    throw error
  }
}
