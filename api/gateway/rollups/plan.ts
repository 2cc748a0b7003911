import { checkStatement } from '@warren/influxql/check'
import { bucketAround, type Interval } from '@warren/influxql/evaluate/windows/buckets'
import { EvaluationError } from '@warren/influxql/evaluation-error'
import { type RollupName, rollupNames, rollupStepNs } from '@warren/influxql/rollup-policy'
import { rangeOf } from '@warren/influxql/time/time-bounds'
import { zoneOffsetNs } from '@warren/influxql/time/zone-offset'
import type { TimeRange } from '@warren/influxql/time-range'
import { intersection, maxTimeNs, minTimeNs } from '@warren/influxql/time-range'
import type { Measurement, SelectStatement, Statement } from '@warren/influxql/tree'
import type { KeptTimes } from './kept-times.ts'
import { isRollable, type Rollable, toRollable } from './rollable.ts'

/** Points of one measurement that a statement asks for and that have left, though rollups may have something of them. */
export interface Missing {
  readonly source: Measurement
  readonly range: TimeRange
}

/** A statement of which rollups answer the older part. */
export interface Rolled {
  readonly kind: 'rolled'
  readonly rollable: Rollable
  readonly policy: RollupName
  readonly range: TimeRange
  /** The first window of points alone, nanoseconds since the epoch; absent: the last that rollups have, since the points cost too much. */
  readonly borderNs?: bigint
  /** What points do not have. */
  readonly missing: readonly Missing[]
  /** Of it, what a coarser rollup has alone, which does not fit the windows. */
  readonly beyond: readonly Missing[]
}

/** A statement that asks for what only rollups have, and that they cannot answer. */
export interface Unserved {
  readonly kind: 'unserved'
  readonly select: SelectStatement
  readonly what: string
  readonly missing: readonly Missing[]
}

/** As it is: points have all of it, or all that there is. */
export interface AsIs {
  readonly kind: 'as it is'
}

export type Planned = AsIs | Rolled | Unserved

const asIs: AsIs = { kind: 'as it is' }
const hourNs = 3_600_000_000_000n
/** What `time > 0` begins with, which is said where no beginning is meant. */
const beginningNs = 1n
/** A range that begins so little too early is that of its panel's clock, not a wish for what has left. */
const graceNs = hourNs

/** The time of a measurement's points that a SELECT asks for, at any depth; a rollup that is named is asked for itself. */
function pointsOf(
  select: SelectStatement,
  nowNs: bigint,
  outer: TimeRange = { minNs: minTimeNs, maxNs: maxTimeNs },
): readonly Missing[] {
  const range = intersection(rangeOf(select, nowNs), outer)
  return select.sources.flatMap((source) => {
    if (source.kind === 'subquery') return pointsOf(source.select, nowNs, range)
    return source.policy === undefined ? [{ source, range }] : []
  })
}

/** What of it is older than `ns`. Without a beginning it is all that there is. */
function before(points: readonly Missing[], ns: bigint): readonly Missing[] {
  return points
    .filter(({ range: { minNs, maxNs } }) => minNs > beginningNs && minNs < ns && minNs <= maxNs)
    .map(({ source, range: { minNs, maxNs } }) => ({
      source,
      range: { minNs, maxNs: maxNs < ns ? maxNs : ns - 1n },
    }))
}

/** Whether windows of the interval are made of whole ones of the rollup, also where the zone changes its offset. */
function divides(
  policy: RollupName,
  { intervalNs, offsetNs, timeZone }: Interval,
  range: TimeRange,
) {
  const stepNs = rollupStepNs[policy]
  if (intervalNs % stepNs !== 0n || offsetNs % stepNs !== 0n) return false
  if (timeZone === undefined) return true
  const monthNs = 30n * 24n * hourNs
  for (let ns = range.minNs; ns < range.maxNs; ns += monthNs)
    if (zoneOffsetNs(timeZone, ns) % stepNs !== 0n) return false
  return zoneOffsetNs(timeZone, range.maxNs) % stepNs === 0n
}

interface Choice {
  readonly policy: RollupName
  /** One that reaches further back, and does not fit. */
  readonly coarser: RollupName | undefined
}

/** Windows of a coarse rollup that make one of the query's: with so many, what it cuts off at the beginning of a range is little, and it reads a twelfth. */
const enough = 6n

/** Of those that fit and have all of the range a coarse one that is fine enough, or else the finest; of others the one that reaches back furthest. */
function choosePolicy(
  { interval }: Rollable,
  range: TimeRange,
  { rollupsNs }: KeptTimes,
): Choice | undefined {
  const fitting = rollupNames.filter((name) => divides(name, interval, range))
  const whole = fitting.filter((name) => rollupsNs[name] - graceNs <= range.minNs)
  const coarse = whole.findLast((name) => interval.intervalNs >= enough * rollupStepNs[name])
  const best = coarse ?? whole[0]
  if (best !== undefined) return { policy: best, coarser: undefined }
  const furthest = (names: readonly RollupName[]) =>
    names.toSorted((a, b) => (rollupsNs[a] < rollupsNs[b] ? -1 : 1))[0]
  const policy = furthest(fitting)
  if (policy === undefined) return undefined
  const coarser = furthest(rollupNames.filter((name) => rollupsNs[name] < rollupsNs[policy]))
  return { policy, coarser }
}

/** The first window that begins at a moment or after it. */
function windowFrom(ns: bigint, interval: Interval): bigint {
  const { start, end } = bucketAround(ns, interval)
  return start === ns ? start : end
}

export interface PlanContext {
  readonly nowNs: bigint
  readonly kept: KeptTimes
  /** Rollups may answer who asks. */
  readonly mayRoll: boolean
  /** The points would cost more than the tenant may ask for. */
  readonly isDear: boolean
}

function planRollable(rollable: Rollable, context: PlanContext): Planned | undefined {
  const { nowNs, kept, isDear } = context
  const open = rangeOf(rollable.select, nowNs)
  const range = open.maxNs === maxTimeNs ? { ...open, maxNs: nowNs } : open
  if (range.minNs <= beginningNs || range.minNs > range.maxNs) return asIs
  const choice = choosePolicy(rollable, range, kept)
  if (choice === undefined) return undefined
  const { policy, coarser } = choice
  const points = pointsOf(rollable.select, nowNs)
  return {
    ...{ kind: 'rolled', rollable, policy, range },
    ...(isDear ? {} : { borderNs: windowFrom(kept.pointsNs, rollable.interval) }),
    missing: before(points, kept.pointsNs - graceNs),
    beyond: coarser === undefined ? [] : before(points, kept.rollupsNs[policy]),
  }
}

function planSelect(select: SelectStatement, context: PlanContext): Planned {
  const { nowNs, kept, mayRoll, isDear } = context
  const points = pointsOf(select, nowNs)
  if (points.length === 0 || (before(points, kept.pointsNs).length === 0 && !isDear)) return asIs
  checkStatement(select, nowNs)
  const found = mayRoll ? toRollable(select, nowNs) : { what: 'alert rules' }
  const planned = isRollable(found) ? planRollable(found, context) : undefined
  if (planned !== undefined) return planned
  const missing = before(points, kept.pointsNs - graceNs)
  if (missing.length === 0) return asIs
  const what = isRollable(found) ? 'windows of that length, offset or time zone' : found.what
  return { kind: 'unserved', select, what, missing }
}

/** How to answer one statement: from points, from rollups and points, or not at all. */
export function planStatement(statement: Statement, context: PlanContext): Planned {
  if (statement.kind !== 'select') return asIs
  try {
    return planSelect(statement, context)
  } catch (error) {
    // The store words it.
    if (error instanceof EvaluationError) return asIs
    throw error
  }
}
