import { groupIntervalOf } from '@warren/influxql/time/group-interval'
import { isUnbounded, rangeOf, withRange } from '@warren/influxql/time/time-bounds'
import { maxTimeNs, minTimeNs, type TimeRange } from '@warren/influxql/time-range'
import type { SelectStatement, Statement } from '@warren/influxql/tree'
import { floorTo, gridMs } from './grid.ts'

const msNs = 1_000_000n
const gridNs = BigInt(gridMs) * msNs
/** How far from our clock the end of a range may be that follows the clock. */
const liveNs = 10_000n * msNs
/** Grafana computes both ends of a range some milliseconds apart. */
const joinNs = 50n * msNs

/** The grid's point when one is near. */
function joined(ns: bigint): bigint {
  const below = floorTo(ns, gridNs)
  if (ns - below <= joinNs) return below
  return below + gridNs - ns <= joinNs ? below + gridNs : ns
}

/** `time > x` begins a nanosecond after x, and still does when x joins the grid. */
function joinedStart(ns: bigint): bigint {
  const strict = floorTo(ns, msNs) === ns - 1n ? 1n : 0n
  return joined(ns - strict) + strict
}

/** A range that ends about now, moved back by less than one step of the grid; any other as it is. */
export function snapRange(range: TimeRange, nowNs: bigint): TimeRange {
  const { minNs, maxNs } = range
  const fromNow = maxNs - nowNs
  if (fromNow > liveNs || fromNow < -liveNs) return range
  // `time < x` ends a nanosecond before x, which is where the grid is meant.
  const exclusive = floorTo(maxNs + 1n, msNs) === maxNs + 1n ? 1n : 0n
  const end = floorTo(maxNs + exclusive, gridNs)
  const shift = maxNs + exclusive - end
  return {
    minNs: minNs === minTimeNs ? minNs : joinedStart(minNs - shift),
    maxNs: end - exclusive,
  }
}

export interface Snapped {
  readonly statement: Statement
  /** Its bounds are in it: it means the same at any time. */
  readonly isAbsolute: boolean
}

const asIs = (statement: Statement): Snapped => ({ statement, isAbsolute: false })

/** The SELECT and all within it. */
const levelsOf = (select: SelectStatement): readonly SelectStatement[] => [
  select,
  ...select.sources.flatMap((source) =>
    source.kind === 'subquery' ? levelsOf(source.select) : [],
  ),
]

interface Clock {
  readonly nowNs: bigint
  /** The point of the grid before it. */
  readonly gridNowNs: bigint
}

/** Absolute bounds of one SELECT. Where the end is open, the clock is the end of windows, and `now()` is the grid's. */
function boundsOf(select: SelectStatement, { nowNs, gridNowNs }: Clock): TimeRange {
  const range = rangeOf(select, nowNs)
  if (range.maxNs !== maxTimeNs) return snapRange(range, nowNs)
  const open = rangeOf(select, gridNowNs)
  const hasWindows = groupIntervalOf(select.dimensions) > 0n && open.minNs !== minTimeNs
  return hasWindows ? { ...open, maxNs: gridNowNs } : open
}

const isSame = (a: TimeRange, b: TimeRange): boolean => a.minNs === b.minNs && a.maxNs === b.maxNs

function replaceRanges(select: SelectStatement, clock: Clock, range: TimeRange): SelectStatement {
  const sources = select.sources.map((source) =>
    source.kind === 'subquery'
      ? { ...source, select: replaceRanges(source.select, clock, range) }
      : source,
  )
  const whole = { ...select, sources }
  return isUnbounded(rangeOf(select, clock.nowNs)) ? whole : withRange(whole, range)
}

/**
 * A SELECT over a live range is moved back, both ends by the same less than 5 s, so that it ends on the grid; one over a past range gets its
 * own bounds as numbers. What has several ranges, or none, is left as it is, to be asked with the grid's `now()`.
 */
export function snapStatement(statement: Statement, clock: Clock): Snapped {
  if (statement.kind !== 'select') return asIs(statement)
  try {
    const bounds = levelsOf(statement)
      .filter((select) => !isUnbounded(rangeOf(select, clock.nowNs)))
      .map((select) => boundsOf(select, clock))
    const [range] = bounds
    if (range === undefined || !bounds.every((other) => isSame(other, range)))
      return asIs(statement)
    const isAbsolute = range.maxNs !== maxTimeNs
    return { statement: replaceRanges(statement, clock, range), isAbsolute }
  } catch {
    // The store says what is wrong with the condition.
    return asIs(statement)
  }
}
