import { EvaluationError } from '../evaluation-error.ts'
import type { Call, Expr, Reference } from '../expression.ts'
import type { CallPlan, ExtraPlan } from './call-plan.ts'
import { fieldValue } from './expressions/field-value.ts'
import { forecastPoints, isForecast } from './functions/forecast-points.ts'
import { integralOf } from './functions/integral.ts'
import { reducers } from './functions/reduce-points.ts'
import { reducedByWindow } from './functions/reduce-window.ts'
import { sampleOf } from './functions/sample.ts'
import { indicatorOf, isIndicator } from './functions/technical-analysis.ts'
import { topReducer } from './functions/top.ts'
import { isTransform, transformed } from './functions/transform.ts'
import type { Group } from './group.ts'
import { type Points, pageOfPoints, pointsOf, type RowPoints, timeOf } from './points.ts'
import { firstRows, mergedRows } from './rows/merge-rows.ts'
import { firstOfShards } from './series-limit.ts'
import { streamedPoints } from './stream/streamed-points.ts'
import { requireType } from './types/require-type.ts'
import { typeOf } from './types/type-of.ts'
import { filled } from './windows/fill.ts'

/** The points of a call in one group, in the order of the answer. */
export function callPoints(call: Call, group: Group, plan: CallPlan): Points {
  return pageOfPoints(pointsWithExtra(call, group, { ...plan, extra: 0 }), plan.offset, plan.limit)
}

function pointsWithExtra(call: Call, group: Group, plan: ExtraPlan): Points {
  if (looksBack(call)) return transformedPoints(call, group, plan)
  if (isForecast(call.name)) return forecastPoints(call, argumentPoints(call, group, plan), plan)
  if (call.name === 'top' || call.name === 'bottom') return topPoints(call, group, plan)
  const [argument] = call.args
  if (call.name === 'count' && isDistinct(argument)) return countDistinct(call, group, plan)
  if (call.name === 'sample') return samplePoints(call, group, plan)
  if (isEndOfAll(call, group, plan)) return endPoint(call, group, plan)
  const streamed = streamedPoints(call, group, plan)
  if (streamed !== undefined) return withFill(inOrder(streamed, plan), call, plan)
  if (call.name === 'integral') return integralPoints(call, group, plan)
  const reducer = reducers.get(call.name)
  if (reducer === undefined) throw new EvaluationError(`${call.name}() is not supported`)
  const points = fieldPoints(call, group, plan)
  return withFill(
    reducedByWindow(points, plan, { reducer, parameter: parameterOf(call) }),
    call,
    plan,
  )
}

const isDistinct = (argument: Expr | undefined): boolean =>
  argument?.kind === 'call' && argument.name === 'distinct'

const looksBack = ({ name }: Call): boolean => isTransform(name) || isIndicator(name)

/** Buckets that a call reads before the first one of the answer: one for each transformation, but for the sum from the start. */
export function extraIntervals(call: Call): number {
  return looksBack(call) && call.name !== 'cumulative_sum' ? 1 : 0
}

function parameterOf({ args }: Call): number {
  const last = args.at(-1)
  if (last?.kind === 'integer' || last?.kind === 'number') return Number(last.value)
  return last?.kind === 'duration' ? Number(last.ns) : 0
}

const secondNs = 1_000_000_000

/** Nanoseconds of the unit argument, or what stands in for it. */
function unitOf({ name, args }: Call, { windows }: ExtraPlan): number {
  const [, unit] = args
  if (unit?.kind === 'duration') return Number(unit.ns)
  if (name === 'elapsed') return 1
  return name === 'integral' ? secondNs : Number(windows.interval?.intervalNs ?? secondNs)
}

/** What a function of functions or fields looks at. */
function argumentPoints(call: Call, group: Group, plan: ExtraPlan): Points {
  const [argument] = call.args
  return argument?.kind === 'call'
    ? pointsWithExtra(argument, group, plan)
    : fieldPoints(call, group, plan)
}

function transformedPoints(call: Call, group: Group, plan: ExtraPlan): Points {
  const extra = plan.extra + extraIntervals(call)
  const input = argumentPoints(call, group, { ...plan, extra })
  const [argument] = call.args
  const type = argument === undefined ? 'float' : typeOf(argument, plan.table)
  requireType(call.name, type)
  if (isIndicator(call.name)) return indicatorOf(call, input)
  const isCounted = call.name === 'moving_average'
  const parameter = isCounted ? parameterOf(call) : unitOf(call, plan)
  return transformed(call.name, input, { parameter, ascending: plan.ascending })
}

function inOrder(points: Points, { ascending }: ExtraPlan): Points {
  if (ascending) return points
  const { times, values } = points
  return {
    times: times.toReversed(),
    // In the block that they share with those of other groups: nobody else has seen them.
    values: values instanceof Float64Array ? values.reverse() : values.toReversed(),
  }
}

function referenceOf(argument: Expr | undefined): Reference {
  if (argument?.kind === 'reference') return argument
  if (argument?.kind === 'distinct') return { kind: 'reference', name: argument.name }
  throw new EvaluationError('unsupported argument of a function')
}

/** The points of the call's field that the call may see. */
function fieldPoints(call: Call, group: Group, plan: ExtraPlan): RowPoints {
  const reference = referenceOf(call.args[0])
  const type = typeOf(reference, plan.table)
  const read = fieldValue(reference, plan.table)
  if (read === undefined) return { times: [], values: [], rows: [] }
  requireType(call.name, type)
  const { minNs, maxNs } = plan.windows.extended(plan.extra, plan.ascending)
  const frames = group.frames()
  // Where rows are out of order, those without a value count too: they end a bucket.
  const has = frames[0]?.isRun === true ? undefined : read
  const rows = mergedRows(frames, { ...plan, has })
  const isWider = plan.loaded.minNs < minNs || plan.loaded.maxNs > maxNs
  if (!isWider) return pointsOf(rows, read)
  const seen = rows.filter((row) => timeOf(row) >= minNs && timeOf(row) <= maxNs)
  return pointsOf(seen, read)
}

/** Of a measurement without buckets InfluxDB's storage reads but the first rows of a shard for these (tsdb/engine/tsm1, CreateIterator). */
const isEndOfAll = ({ name, args: [argument] }: Call, group: Group, plan: ExtraPlan): boolean =>
  (name === 'first' || name === 'last') &&
  argument?.kind === 'reference' &&
  plan.windows.interval === undefined &&
  group.series !== undefined

/** Of the first two rows from that end, since its limit of one stops a row later: of several at one time not the greatest of all. */
function endPoint(call: Call, group: Group, plan: ExtraPlan): Points {
  const reference = referenceOf(call.args[0])
  const read = fieldValue(reference, plan.table)
  if (read === undefined) return { times: [], values: [] }
  requireType(call.name, typeOf(reference, plan.table))
  const ascending = call.name === 'first'
  const rows = firstRows(group.frames(), { ...plan, ascending, has: read }, 2)
  const reducer = reducers.get(call.name)
  if (reducer === undefined) throw new Error('BUG: no reducer')
  return reducedByWindow(pointsOf(rows, read), plan, { reducer, parameter: 0 })
}

function integralPoints(call: Call, group: Group, plan: ExtraPlan): Points {
  const { windows, ascending } = plan
  return integralOf(fieldPoints(call, group, plan), {
    unitNs: unitOf(call, plan),
    windows,
    ascending,
  })
}

/** Of a measurement, LIMIT and OFFSET also end what top() looks at, one point after the page in each shard, unless it has tags of its own. */
function topInput(call: Call, group: Group, plan: ExtraPlan): RowPoints {
  const { limit, offset } = plan
  const points = fieldPoints(call, group, plan)
  const isCut = limit + offset > 0 && call.args.length === 2 && group.series !== undefined
  if (!isCut) return points
  const indices = points.times.map((_, index) => index)
  const kept = firstOfShards(indices, (index) => points.times[index] ?? 0n, offset + limit + 1)
  return {
    times: kept.map((index) => points.times[index] ?? 0n),
    values: kept.map((index) => points.values[index] ?? null),
    rows: kept.map((index) => points.rows[index]),
  }
}

function topPoints(call: Call, group: Group, plan: ExtraPlan): Points {
  const points = topInput(call, group, plan)
  const keys = call.args.slice(1, -1).map((key) => referenceOf(key).name)
  const keyOf = (index: number) => {
    const tags = points.rows[index]?.frame.tags
    return keys.map((key) => tags?.get(key) ?? '').join('\0')
  }
  const reducer = topReducer({
    sign: call.name === 'top' ? 1 : -1,
    count: parameterOf(call),
    keyOf: keys.length === 0 ? undefined : keyOf,
  })
  return reducedByWindow(points, plan, { reducer, parameter: 0, keepsTime: true })
}

function samplePoints(call: Call, group: Group, plan: ExtraPlan): Points {
  const points = fieldPoints(call, group, plan)
  return reducedByWindow(points, plan, {
    reducer: sampleOf,
    parameter: parameterOf(call),
    keepsTime: true,
  })
}

function countDistinct(call: Call, group: Group, plan: ExtraPlan): Points {
  const reducer = reducers.get('distinct')
  const [inner] = call.args
  if (reducer === undefined || inner?.kind !== 'call') throw new Error('BUG: no distinct')
  const points = reducedByWindow(fieldPoints(inner, group, plan), plan, { reducer, parameter: 0 })
  const counts = new Map<bigint, bigint>()
  for (const time of points.times) counts.set(time, (counts.get(time) ?? 0n) + 1n)
  return withFill({ times: [...counts.keys()], values: [...counts.values()] }, call, plan)
}

/** With the gaps between the points filled, where the function's gaps are. */
export function withFill(points: Points, call: Call, plan: ExtraPlan): Points {
  const { windows, fill, ascending, extra } = plan
  const { interval } = windows
  if (points.times.length === 0 || call.name === 'distinct') return points
  if (interval === undefined || fill.kind === 'none') return points
  return filled(points, {
    fill,
    walk: windows.walk(points.times, windows.extended(extra, ascending), ascending),
    type: typeOf(call, plan.table),
    isCount: call.name === 'count',
    intervalNs: interval.intervalNs,
  })
}
