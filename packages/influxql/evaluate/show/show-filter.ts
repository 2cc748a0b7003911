import type { Expr } from '../../expression.ts'
import { intersection, type TimeRange, timeRangeOf } from '../../time-range.ts'
import type { Measurement } from '../../tree.ts'
import type { EvaluationContext } from '../context.ts'
import { compileExpression } from '../expressions/compile-expression.ts'
import { compileCondition, isField, withName } from '../expressions/condition.ts'
import type { Table } from '../frame.ts'
import { measurementNames } from '../input.ts'
import type { SeriesKey } from '../source.ts'

interface ShowRequest {
  /** Empty: all measurements. */
  readonly sources: readonly Measurement[]
  readonly condition?: Expr | undefined
  /** Beside what the condition says of time. */
  readonly within?: TimeRange | undefined
  /** What counts knows no fields, and for values only the tags that a measurement has: nothing compares with another name. What lists takes a name that is also a tag for the tag. */
  readonly counts?: 'values' | 'others'
}

export interface ShownMeasurement {
  /** With the tags of those series that have points in range. */
  readonly table: Table
  readonly series: readonly SeriesKey[]
}

/** The measurements of a SHOW that have series with matching tags and points in range, with those series. */
export async function shownMeasurements(
  context: EvaluationContext,
  request: ShowRequest,
): Promise<ShownMeasurement[]> {
  const { condition } = timeRangeOf(request.condition, context.nowNs)
  const shown: ShownMeasurement[] = []
  const all = await measurementsInRange(context, request)
  // A name that is a field of one is a field of all.
  const counted =
    request.counts === undefined
      ? undefined
      : { fields: fieldsOf(all), onlyOwn: request.counts === 'values' }
  for (const { table, series } of all) {
    const matches = seriesTest(condition, table, counted)
    const matching = series.filter(({ tags }) => matches(tags))
    if (matching.length > 0) shown.push({ table, series: matching })
  }
  return shown
}

const fieldsOf = (all: readonly ShownMeasurement[]): Table['fields'] =>
  new Map(all.flatMap(({ table }) => [...table.fields]))

type Tags = ReadonlyMap<string, string>

function seriesTest(
  condition: Expr | undefined,
  table: Table,
  counted: { readonly fields: Table['fields']; readonly onlyOwn: boolean } | undefined,
): (tags: Tags) => boolean {
  if (counted === undefined || condition === undefined) {
    const fields = new Map([...table.fields].filter(([name]) => !table.tagKeys.includes(name)))
    return compileCondition(condition, { ...table, fields }).mayMatch
  }
  const { fields, onlyOwn } = counted
  const named = onlyOwn ? condition : withName(condition, table)
  const test = compileExpression<Tags>(named, (part) => {
    if (part.kind !== 'reference') return undefined
    const isKnown = !onlyOwn || table.tagKeys.includes(part.name)
    const isTag = !isField(part, { ...table, fields }) && isKnown
    return isTag ? (tags) => tags.get(part.name) ?? '' : () => null
  })
  return (tags) => test(tags) === true
}

/** Those with a series that has a point in range, with all such series. */
export async function measurementsInRange(
  context: EvaluationContext,
  { sources, condition, within }: ShowRequest,
): Promise<ShownMeasurement[]> {
  const { source, nowNs, signal } = context
  const parts = timeRangeOf(condition, nowNs)
  const { minNs, maxNs } = within === undefined ? parts : intersection(parts, within)
  if (minNs > maxNs) return []
  const names =
    sources.length === 0 ? await source.measurements() : await measurementNames(context, sources)
  const found: ShownMeasurement[] = []
  for (const name of names) {
    signal?.throwIfAborted()
    const fields = await source.fields(name)
    const series = await source.series(name, minNs, maxNs)
    if (series.length === 0) continue
    const tagKeys = [...new Set(series.flatMap(({ tags }) => [...tags.keys()]))]
    found.push({ table: { name, fields, tagKeys }, series })
  }
  return found
}
