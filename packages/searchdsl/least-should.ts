import type { BoolQuery } from './tree.ts'

/** How many of `should` a record has to match. As in Elasticsearch, one at least where nothing else is required, however few are asked for,
 *  and none where there are neither: such a query matches whatever is not prohibited. */
export function leastShould({ must, filter, should, minimumShouldMatch }: BoolQuery): number {
  if (must.length + filter.length > 0) return minimumShouldMatch ?? 0
  return should.length === 0 ? 0 : Math.max(1, minimumShouldMatch ?? 1)
}
