import type { Hit, SearchAnswer } from './answer.ts'
import { refused } from './errors.ts'
import type { NamedAggregation, SearchRequest } from './tree.ts'

/** A record's place in its index counts the records before it, whosever they are: whoever may see only some of them may not see places, nor how many shards were asked. */
const isPlace = ({ field }: { readonly field: string }): boolean => field === '_doc'

/** The request with no order by places, which Grafana asks for to tell apart records of one time; `search_after` then goes on after all of that time. Throws a `SearchError`. */
export function withoutOrderOfPlaces(request: SearchRequest): SearchRequest {
  refusePlaces(request.aggs)
  const { sort, searchAfter, ...rest } = request
  const isKept = (_: unknown, at: number): boolean => {
    const one = sort[at]
    return one === undefined || !isPlace(one)
  }
  const after = searchAfter?.filter(isKept)
  // Without an order left there is nothing to go on after.
  if (after?.length === 0) throw refused('[search_after] of [_doc] is not accepted with grants')
  return {
    ...rest,
    sort: sort.filter(isKept),
    ...(after === undefined ? {} : { searchAfter: after }),
  }
}

function refusePlaces(aggs: readonly NamedAggregation[]): void {
  for (const { aggregation, children } of aggs) {
    if (aggregation.type === 'top_metrics' && isPlace(aggregation.sort))
      throw refused('[top_metrics] by [_doc] is not accepted with grants of deployments')
    refusePlaces(children)
  }
}

/** The answer to that, in the shape that was asked for: 0 for every place, one shard. */
export function withoutPlaces(
  answer: SearchAnswer,
  { sort }: Pick<SearchRequest, 'sort'>,
): SearchAnswer {
  if ('error' in answer) return answer
  const { hits, _shards } = answer
  const { failed } = _shards
  return {
    ...answer,
    _shards: { total: 1 + failed, successful: 1, skipped: 0, failed },
    hits: { ...hits, hits: hits.hits.map((hit) => withPlacesOf(hit, sort)) },
  }
}

function withPlacesOf(hit: Hit, sorts: SearchRequest['sort']): Hit {
  if (hit.sort === undefined) return hit
  const left = [...hit.sort]
  const sort = sorts.map((one) => (isPlace(one) ? 0 : (left.shift() ?? null)))
  return { ...hit, sort: sort.length === 0 ? [0] : sort }
}
