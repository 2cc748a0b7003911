import type { ResultSeries } from '../result.ts'
import type { TimeRange } from '../time-range.ts'
import type { ShowCardinalityStatement } from '../tree.ts'
import type { EvaluationContext } from './context.ts'
import { measurementNames } from './input.ts'
import { keyTest } from './key-filter.ts'
import { shardsOf } from './series-limit.ts'
import { type ShownMeasurement, shownMeasurements } from './show-filter.ts'

/** SHOW … CARDINALITY: estimates are exact here. Without EXACT, FROM and WHERE, series and measurements are counted over all, as InfluxDB does. */
export async function showCardinality(
  statement: ShowCardinalityStatement,
  context: EvaluationContext,
): Promise<ResultSeries[]> {
  const { of, exact, sources, condition } = statement
  if (of === 'field key') return fieldKeys(statement, context)
  const shown = await shownMeasurements(context, {
    ...statement,
    counts: of === 'tag values' ? 'values' : 'others',
  })
  if (of === 'measurement')
    return total(shown.length, exact || sources.length > 0 || condition !== undefined)
  const isEstimate = !exact && sources.length === 0 && condition === undefined
  if (of === 'series' && isEstimate)
    return total(
      shown.reduce((sum, { series }) => sum + series.length, 0),
      false,
    )
  if (of === 'series') return countByShard(statement, context)
  return shown.flatMap((one) => countOf(one.table.name, counter(statement, context)(one)))
}

/** Each shard counts the series that it has, and what they count is added: a series of two weeks counts twice. */
async function countByShard(
  { sources, condition }: ShowCardinalityStatement,
  context: EvaluationContext,
): Promise<ResultSeries[]> {
  const shards = new Map<bigint, TimeRange>()
  for (const day of await context.source.days()) {
    const shard = shardsOf({ minNs: day, maxNs: day })
    shards.set(shard.minNs, shard)
  }
  const counts = new Map<string, number>()
  for (const within of shards.values())
    for (const { table, series } of await shownMeasurements(context, {
      sources,
      condition,
      within,
      counts: 'others',
    }))
      counts.set(table.name, (counts.get(table.name) ?? 0) + series.length)
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, count]) => countOf(name, count))
}

function total(count: number, isExact: boolean): ResultSeries[] {
  if (count === 0 && isExact) return []
  return [{ columns: [isExact ? 'count' : 'cardinality estimation'], values: [[count]] }]
}

const countOf = (name: string, count: number): ResultSeries[] =>
  count === 0 ? [] : [{ name, columns: ['count'], values: [[count]] }]

function counter(
  { of, filter }: ShowCardinalityStatement,
  { hiddenTags }: EvaluationContext,
): (shown: ShownMeasurement) => number {
  const isAsked = keyTest(of === 'tag values' ? filter : undefined)
  return ({ series }) => {
    const pairs = series.flatMap(({ tags }) => [...tags])
    const asked = pairs.filter(([key]) => !hiddenTags.has(key) && isAsked(key))
    return new Set(asked.map(([key, value]) => (of === 'tag key' ? key : value))).size
  }
}

async function fieldKeys(
  { sources }: ShowCardinalityStatement,
  context: EvaluationContext,
): Promise<ResultSeries[]> {
  const names =
    sources.length === 0
      ? await context.source.measurements()
      : await measurementNames(context, sources)
  const found: ResultSeries[] = []
  for (const name of names) found.push(...countOf(name, (await context.source.fields(name)).size))
  return found
}
