import type { Paging } from '../../tree.ts'

/** The items of LIMIT and OFFSET; a limit of 0 is none. */
export function paged<T>(items: readonly T[], { limit, offset }: Paging): readonly T[] {
  if (limit === 0 && offset === 0) return items
  return items.slice(offset, limit === 0 ? undefined : offset + limit)
}
