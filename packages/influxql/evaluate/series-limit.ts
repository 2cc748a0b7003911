import type { TimeRange } from '../time-range.ts'
import { maxTimeNs, minTimeNs } from '../time-range.ts'
import type { Paging } from '../tree.ts'
import type { EvaluationContext } from './context.ts'
import type { Condition } from './expressions/condition.ts'

const weekNs = 604_800_000_000_000n
/** Weeks begin on a Monday. */
const mondayNs = 345_600_000_000_000n

/** A range widened to whole weeks, the shards of InfluxDB's default policy: what its index knows of a range. */
export function shardsOf({ minNs, maxNs }: TimeRange): TimeRange {
  const startOf = (ns: bigint) => ns - ((((ns - mondayNs) % weekNs) + weekNs) % weekNs)
  return {
    minNs: minNs === minTimeNs ? minNs : startOf(minNs),
    maxNs: maxNs === maxTimeNs ? maxNs : startOf(maxNs) + weekNs - 1n,
  }
}

/** The first so many items of each shard, in their order. */
export function firstOfShards<Item>(
  items: readonly Item[],
  nsOf: (item: Item) => bigint,
  count: number,
): readonly Item[] {
  const taken = new Map<bigint, number>()
  return items.filter((item) => {
    const ns = nsOf(item)
    const { minNs } = shardsOf({ minNs: ns, maxNs: ns })
    const before = taken.get(minNs) ?? 0
    taken.set(minNs, before + 1)
    return before < count
  })
}

/** SLIMIT and SOFFSET of sets of series. An offset alone is a page of none. */
function pagedSets<Item>(sets: readonly Item[], { limit, offset }: Paging): readonly Item[] {
  if (limit === 0 && offset === 0) return sets
  return sets.slice(offset, offset + limit)
}

/** How InfluxDB orders sets of series: by the names of the tags they have, then by their values (models.MakeTagsKey). */
function setKeyOf(tags: ReadonlyMap<string, string>, dimensions: readonly string[]): string {
  const keys = dimensions.filter((key) => (tags.get(key) ?? '') !== '')
  return [...keys, ...keys.map((key) => tags.get(key) ?? '')].join('|')
}

/** A page of the sets of series that have the same values of these tags. */
export interface SeriesPage extends Paging {
  readonly dimensions: readonly string[]
}

interface Request {
  readonly range: TimeRange
  readonly condition: Condition
  readonly series: SeriesPage
}

/** The request for the sets of the page only: those of the index count, also without a point in range. */
export async function withinSeriesLimit<R extends Request>(
  { source }: EvaluationContext,
  name: string,
  request: R,
): Promise<R> {
  const { range, condition, series } = request
  const { dimensions } = series
  if (series.limit === 0 && series.offset === 0) return request
  const { minNs, maxNs } = shardsOf(range)
  const sets = new Set<string>()
  for (const { tags } of await source.series(name, minNs, maxNs))
    if (condition.mayMatch(tags)) sets.add(setKeyOf(tags, dimensions))
  const kept = new Set(pagedSets([...sets].sort(), series))
  const mayMatch = (tags: ReadonlyMap<string, string>) =>
    condition.mayMatch(tags) && kept.has(setKeyOf(tags, dimensions))
  return { ...request, condition: { ...condition, mayMatch } }
}
