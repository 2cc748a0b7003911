import { EvaluationError } from '../evaluation-error.ts'
import type { Call, Expr } from '../expression.ts'
import type { CallPlan, ExtraPlan } from './call-plan.ts'
import { takesType } from './expand.ts'
import { filled } from './fill.ts'
import type { Group } from './group.ts'
import { integralOf } from './integral.ts'
import { mergedRows, type Points, pointsOf, reversed, timeOf } from './points.ts'
import { reducers } from './reduce-points.ts'
import { reducedByWindow } from './reduce-window.ts'
import { streamedPoints } from './streamed-points.ts'
import { topReducer } from './top.ts'
import { isTransform, transformed } from './transform.ts'

/** The points of a call in one group, in the order of the answer. */
export function callPoints(call: Call, group: Group, plan: CallPlan): Points {
  return pointsWithExtra(call, group, { ...plan, extra: 0 })
}

function pointsWithExtra(call: Call, group: Group, plan: ExtraPlan): Points {
  if (isTransform(call.name)) return transformedPoints(call, group, plan)
  if (call.name === 'top' || call.name === 'bottom') return topPoints(call, group, plan)
  const [argument] = call.args
  if (call.name === 'count' && argument?.kind === 'call')
    return countDistinct(argument, group, plan)
  const streamed = streamedPoints(call, group, plan)
  if (streamed !== undefined) return ordered(streamed, call, plan)
  if (call.name === 'integral') return ordered(integralPoints(call, group, plan), call, plan)
  const reducer = reducers.get(call.name)
  if (reducer === undefined) throw new EvaluationError(`${call.name}() is not supported`)
  const points = fieldPoints(call, group, plan)
  return ordered(
    reducedByWindow(points, plan, { reducer, parameter: parameterOf(call) }),
    call,
    plan,
  )
}

/** Buckets a transformation needs before the first one of the answer. */
export function extraIntervals(call: Call): number {
  if (!isTransform(call.name) || call.name === 'cumulative_sum') return 0
  return call.name === 'moving_average' ? parameterOf(call) - 1 : 1
}

function parameterOf({ args }: Call): number {
  const last = args.at(-1)
  if (last?.kind === 'integer' || last?.kind === 'number') return Number(last.value)
  return last?.kind === 'duration' ? Number(last.ns) : 0
}

const secondNs = 1_000_000_000

/** Nanoseconds of the unit argument, or what stands in for it. */
function unitOf({ name, args }: Call, { windows }: ExtraPlan): number {
  const [argument, unit] = args
  if (unit?.kind === 'duration') return Number(unit.ns)
  if (name === 'elapsed') return 1
  const isOfAggregate = argument?.kind === 'call'
  return isOfAggregate ? Number(windows.interval?.intervalNs ?? secondNs) : secondNs
}

function transformedPoints(call: Call, group: Group, plan: ExtraPlan): Points {
  const [argument] = call.args
  const extra = plan.extra + extraIntervals(call)
  const input =
    argument?.kind === 'call'
      ? pointsWithExtra(argument, group, { ...plan, extra })
      : inOrder(fieldPoints(call, group, { ...plan, extra: plan.extra }), plan)
  const isCounted = call.name === 'moving_average'
  return transformed(call.name, input, isCounted ? parameterOf(call) : unitOf(call, plan))
}

function inOrder(points: Points, { ascending }: ExtraPlan): Points {
  return ascending ? points : reversed(points)
}

function nameOfArgument(argument: Expr | undefined): string {
  if (argument?.kind === 'reference' || argument?.kind === 'distinct') return argument.name
  throw new EvaluationError('unsupported argument of a function')
}

/** The points of the call's field that the call may see, oldest first. */
function fieldPoints(call: Call, group: Group, plan: ExtraPlan): Required<Points> {
  const field = nameOfArgument(call.args[0])
  const type = plan.table.fields.get(field)
  if (type !== undefined && !takesType(call.name, type))
    throw new EvaluationError(
      `unsupported ${call.name} iterator type: *query.${type}InterruptIterator`,
    )
  const { minNs, maxNs } = plan.windows.extended(plan.extra, plan.ascending)
  const rows = mergedRows(group.frames(), plan.matches)
  const isWider = plan.loaded.minNs < minNs || plan.loaded.maxNs > maxNs
  if (!isWider) return pointsOf(rows, field)
  const seen = rows.filter((row) => timeOf(row) >= minNs && timeOf(row) <= maxNs)
  return pointsOf(seen, field)
}

function integralPoints(call: Call, group: Group, plan: ExtraPlan): Points {
  const points = fieldPoints(call, group, plan)
  const first = points.times[0]
  if (first === undefined) return points
  // The area is cut at every bucket between two points, so there must not be too many of them.
  plan.windows.starts(plan.windows.range, first)
  return integralOf(points, {
    unitNs: unitOf(call, plan),
    bucketOf: (ns) => plan.windows.around(ns),
  })
}

function topPoints(call: Call, group: Group, plan: ExtraPlan): Points {
  const points = fieldPoints(call, group, plan)
  const keys = call.args.slice(1, -1).map(nameOfArgument)
  const keyOf = (index: number) => {
    const tags = points.rows[index]?.frame.tags
    return keys.map((key) => tags?.get(key) ?? '').join('\0')
  }
  const reducer = topReducer({
    sign: call.name === 'top' ? 1 : -1,
    count: parameterOf(call),
    keyOf: keys.length === 0 ? undefined : keyOf,
  })
  return inOrder(reducedByWindow(points, plan, { reducer, parameter: 0, keepsTime: true }), plan)
}

function countDistinct(inner: Call, group: Group, plan: ExtraPlan): Points {
  const reducer = reducers.get('distinct')
  if (inner.name !== 'distinct' || reducer === undefined)
    throw new EvaluationError(`expected field argument in count()`)
  const points = reducedByWindow(fieldPoints(inner, group, plan), plan, { reducer, parameter: 0 })
  const counts = new Map<bigint, number>()
  for (const time of points.times) counts.set(time, (counts.get(time) ?? 0) + 1)
  const call: Call = { kind: 'call', name: 'count', args: [] }
  return ordered({ times: [...counts.keys()], values: [...counts.values()] }, call, plan)
}

const unfilled: ReadonlySet<string> = new Set(['distinct', 'integral'])

/** In the order of the answer, and with its gaps filled. */
function ordered(points: Points, call: Call, plan: ExtraPlan): Points {
  const { windows, fill, ascending, extra } = plan
  const first = points.times[0]
  const needsFill = windows.interval !== undefined && fill.kind !== 'none'
  if (first === undefined || !needsFill || unfilled.has(call.name)) return inOrder(points, plan)
  const range = windows.extended(extra, ascending)
  const starts = windows.inOrder(windows.starts(range, first), ascending)
  const [argument] = call.args
  const type = argument?.kind === 'reference' ? plan.table.fields.get(argument.name) : undefined
  const isCount = call.name === 'count'
  const isInteger =
    isCount || (type === 'integer' && !['mean', 'stddev', 'median'].includes(call.name))
  return filled(inOrder(points, plan), { fill, starts, isInteger, isCount })
}
