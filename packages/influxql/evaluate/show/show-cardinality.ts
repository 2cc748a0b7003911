import type { ResultSeries } from '../../answers/result.ts'
import { keyTest } from '../../key-filter.ts'
import type { TimeRange } from '../../time-range.ts'
import type { ShowCardinalityStatement } from '../../tree.ts'
import type { EvaluationContext } from '../context.ts'
import { expandDimensions } from '../expand.ts'
import { keyOf, tagsOf } from '../group.ts'
import { measurementNames } from '../input.ts'
import { shardsOf } from '../series-limit.ts'
import { type ShownMeasurement, shownMeasurements } from './show-filter.ts'

/** SHOW … CARDINALITY: estimates are exact here. Without EXACT and any clause, series and measurements are counted over all, as InfluxDB does. */
export async function showCardinality(
  statement: ShowCardinalityStatement,
  context: EvaluationContext,
): Promise<ResultSeries[]> {
  const { of, dimensions, offset } = statement
  // A page is of the rows of each group, which has one.
  if (offset > 0) return []
  if (of === 'field key' && dimensions.length === 0) return fieldKeys(statement, context)
  const shown = await countedMeasurements(statement, context)
  if (isEstimate(statement)) return estimate(of === 'series' ? seriesIn(shown) : shown.length)
  const groups = groupsOf(shown, statement, context)
  if (of === 'measurement') return countMeasurements(groups)
  const count = counter(statement, context)
  return groups.flatMap((group) =>
    countOf(count(group), { name: group.table.name, ...shownTags(group) }),
  )
}

function isEstimate({ of, exact, sources, condition, ...clauses }: ShowCardinalityStatement) {
  const isWhole = sources.length === 0 && condition === undefined
  const isPlain = clauses.dimensions.length === 0 && clauses.limit === 0
  return (of === 'series' || of === 'measurement') && !exact && isWhole && isPlain
}

const seriesIn = (shown: readonly ShownMeasurement[]): number =>
  shown.reduce((sum, { series }) => sum + series.length, 0)

const estimate = (count: number): ResultSeries[] => [
  { columns: ['cardinality estimation'], values: [[count]] },
]

/** Each shard counts the series that it has, and what they count is added: a series of two weeks counts twice. */
async function countedMeasurements(
  statement: ShowCardinalityStatement,
  context: EvaluationContext,
): Promise<readonly ShownMeasurement[]> {
  const { of, sources, condition } = statement
  const request = { sources, condition, counts: of === 'tag values' ? 'values' : 'others' } as const
  if (of !== 'series' || isEstimate(statement)) return shownMeasurements(context, request)
  const shards = new Map<bigint, TimeRange>()
  for (const day of await context.source.days()) {
    const shard = shardsOf({ minNs: day, maxNs: day })
    shards.set(shard.minNs, shard)
  }
  const shown: ShownMeasurement[] = []
  for (const within of shards.values())
    shown.push(...(await shownMeasurements(context, { ...request, within })))
  return shown
}

/** Series of a measurement that the statement does not tell apart. */
interface CountedGroup extends ShownMeasurement {
  readonly tags: ReadonlyMap<string, string>
  readonly key: string
}

/** By measurement, then by the tags that they are grouped by. */
function groupsOf(
  shown: readonly ShownMeasurement[],
  { dimensions }: ShowCardinalityStatement,
  { hiddenTags }: EvaluationContext,
): readonly CountedGroup[] {
  const tagKeys = new Set(shown.flatMap(({ table }) => table.tagKeys))
  const keys = expandDimensions(dimensions, { tagKeys }).filter((key) => !hiddenTags.has(key))
  const members = shown.flatMap(({ table, series }) => series.map((one) => ({ table, one })))
  const groups = Map.groupBy(members, ({ table, one }) => `${table.name}\0${keyOf(one.tags, keys)}`)
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, [first, ...others]]) =>
      first === undefined
        ? []
        : {
            table: first.table,
            series: [first, ...others].map(({ one }) => one),
            tags: tagsOf(first.one, keys),
            key: keyOf(first.one.tags, keys),
          },
    )
}

const shownTags = ({ tags }: CountedGroup): Pick<ResultSeries, 'tags'> =>
  tags.size === 0 ? {} : { tags: Object.fromEntries(tags) }

function countMeasurements(groups: readonly CountedGroup[]): ResultSeries[] {
  const byTags = Map.groupBy(groups, ({ key }) => key)
  return [...byTags]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, [first, ...others]]) =>
      first === undefined ? [] : countOf(1 + others.length, shownTags(first)),
    )
}

const countOf = (count: number, names: Pick<ResultSeries, 'name' | 'tags'>): ResultSeries[] =>
  count === 0 ? [] : [{ ...names, columns: ['count'], values: [[count]] }]

function counter(
  { of, filter }: ShowCardinalityStatement,
  { hiddenTags }: EvaluationContext,
): (shown: ShownMeasurement) => number {
  if (of === 'series') return ({ series }) => series.length
  if (of === 'field key') return ({ table }) => table.fields.size
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
  for (const name of names)
    found.push(...countOf((await context.source.fields(name)).size, { name }))
  return found
}
