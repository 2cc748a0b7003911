import type { Value } from '../../answers/result.ts'
import type { Call, Expr } from '../../expression.ts'
import type { CallPlan } from '../call-plan.ts'
import { callPoints, withFill } from '../call-points.ts'
import type { FrameRow } from '../frame.ts'
import type { Group } from '../group.ts'
import type { OutputSeries } from '../output.ts'
import { type Points, pageOfPoints } from '../points.ts'
import { callsIn, rowsOf } from './aggregate-rows.ts'

/** Functions whose gaps fill() fills. */
const filledFunctions: ReadonlySet<string> = new Set(
  'count sum mean min max first last spread stddev median mode percentile'.split(' '),
)

/** Whether fill() yields values that a query around the subquery sees, for a single call. */
export function isFilledAnew(calls: readonly Call[], { fill, windows }: CallPlan): boolean {
  const [only, another] = calls
  return (
    only !== undefined &&
    another === undefined &&
    filledFunctions.has(only.name) &&
    windows.interval !== undefined &&
    (fill.kind === 'number' || fill.kind === 'previous' || fill.kind === 'linear')
  )
}

interface Point {
  readonly time: bigint
  readonly value: Value
  readonly row: FrameRow | undefined
}

/** Points of one group that no point of another one stands between. */
interface Run {
  readonly group: Group
  readonly points: Point[]
}

/** The groups of a subquery that are one to the query around it. InfluxDB fills what it reads: the points of all of them bucket by bucket. Wherever
 *  the next one is of another group it fills the rest of the range, and begins anew with that group (query/iterator.gen.go, FillIterator). */
export function* filledRuns(
  exprs: readonly Expr[],
  groups: readonly Group[],
  plan: CallPlan,
): Generator<OutputSeries> {
  const [call] = callsIn(exprs).values()
  if (call === undefined) throw new Error('BUG: a fill without a call')
  for (const { group, points } of runsOf(groups, call, plan)) {
    const filled = withFill(toPoints(points), call, { ...plan, extra: 0 })
    const page = pageOfPoints(filled, plan.offset, plan.limit)
    const rows = rowsOf(exprs, { tags: group.tags, points: [page] }, plan)
    if (rows !== undefined) yield { ...rows, isRun: true }
  }
}

function runsOf(groups: readonly Group[], call: Call, plan: CallPlan): readonly Run[] {
  const bare: CallPlan = { ...plan, fill: { kind: 'none' }, limit: 0, offset: 0 }
  const all = groups.flatMap((group) =>
    pointsOf(callPoints(call, group, bare)).map((point) => ({ group, point })),
  )
  // Sorting is stable: of one bucket in the order of the groups.
  all.sort(({ point: a }, { point: b }) => {
    if (a.time === b.time) return 0
    return a.time < b.time === plan.ascending ? -1 : 1
  })
  const runs: Run[] = []
  for (const { group, point } of all) {
    const last = runs.at(-1)
    if (last?.group === group) last.points.push(point)
    else runs.push({ group, points: [point] })
  }
  return runs
}

const pointsOf = ({ times, values, rows }: Points): Point[] =>
  times.map((time, at) => ({ time, value: values[at] ?? null, row: rows?.[at] }))

const toPoints = (points: readonly Point[]): Points => ({
  times: points.map(({ time }) => time),
  values: points.map(({ value }) => value),
  rows: points.map(({ row }) => row),
})
