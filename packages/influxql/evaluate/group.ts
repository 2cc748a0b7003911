import type { Frame } from './frame.ts'
import { toFrame } from './load.ts'
import type { AggregatedGroup, SeriesColumns } from './source.ts'
import type { BucketSums, IntegerSums } from './stream/bucket-sums.ts'

/** Series that share the values of the tags rows are grouped by. */
export interface Group {
  readonly tags: ReadonlyMap<string, string>
  /** As the source gave them; absent for the result of a subquery. */
  readonly series?: readonly SeriesColumns[]
  /** By field, over the buckets of the whole range; only where the source has aggregated instead of giving the values. */
  readonly sums?: ReadonlyMap<string, BucketSums | IntegerSums>
  /** Side by side; made when first asked for. */
  frames(): readonly Frame[]
}

export function keyOf(tags: ReadonlyMap<string, string>, dimensions: readonly string[]): string {
  return dimensions.map((key) => tags.get(key) ?? '').join('\0')
}

function partition<T extends { readonly tags: ReadonlyMap<string, string> }>(
  members: readonly T[],
  dimensions: readonly string[],
): T[][] {
  const groups = new Map<string, T[]>()
  for (const member of members) {
    const key = keyOf(member.tags, dimensions)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [member])
    else group.push(member)
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}

export function tagsOf(
  member: { readonly tags: ReadonlyMap<string, string> } | undefined,
  dimensions: readonly string[],
): ReadonlyMap<string, string> {
  return new Map(dimensions.map((key) => [key, member?.tags.get(key) ?? '']))
}

/** Groups that are one to a query that groups by fewer tags. */
export const groupsOfGroups = (
  groups: readonly Group[],
  dimensions: readonly string[],
): Group[][] => partition(groups, dimensions)

/** Groups in the order of their tags. */
export function groupSeries(
  series: readonly SeriesColumns[],
  dimensions: readonly string[],
): Group[] {
  return partition(series, dimensions).map((members) => {
    let frames: readonly Frame[] | undefined
    return {
      tags: tagsOf(members[0], dimensions),
      series: members,
      frames: () => (frames ??= members.map(toFrame)),
    }
  })
}

/** Groups that hold aggregates, and no values. */
export function groupAggregates(
  groups: readonly AggregatedGroup[],
  dimensions: readonly string[],
): Group[] {
  return partition(groups, dimensions).flatMap(([group]) =>
    group === undefined
      ? []
      : {
          tags: tagsOf(group, dimensions),
          series: [],
          sums: group.sums,
          frames: () => {
            throw new Error('BUG: rows of a group that was aggregated')
          },
        },
  )
}

export function groupFrames(frames: readonly Frame[], dimensions: readonly string[]): Group[] {
  return partition(frames, dimensions).map((members) => ({
    tags: tagsOf(members[0], dimensions),
    frames: () => members,
  }))
}
