import { withoutOrderOfPlaces } from './places.ts'
import type { NamedAggregation, Query, SearchRequest } from './tree.ts'

interface Scope {
  readonly tenant: string
  /** The deployments that the caller may see; absent: all, those without a deployment too. */
  readonly deployments?: readonly string[] | undefined
}

/** The same search over one tenant's records only, and of these over what the caller's grants name. The streams are the tenant's own already; this is the second lock.
 *  `filters` need none of their own: they see only what the query matches. `min_doc_count: 0` of `terms` is the one setting that reads
 *  terms of documents that the query does not match, so it becomes 1. */
export function scopeSearch(request: SearchRequest, { tenant, deployments }: Scope): SearchRequest {
  const locks: Query[] = [{ type: 'term', field: 'warren.tenant', value: tenant }]
  if (deployments !== undefined)
    locks.push({ type: 'terms', field: 'deployment', values: deployments })
  const own = deployments === undefined ? request : withoutOrderOfPlaces(request)
  const { highlight } = own
  return {
    ...own,
    // The locks are no words that somebody searched for.
    ...(highlight === undefined ? {} : { highlight: { ...highlight, query: request.query } }),
    query: { type: 'bool', must: [], filter: [...locks, request.query], should: [], mustNot: [] },
    aggs: request.aggs.map(withoutEmptyTerms),
  }
}

function withoutEmptyTerms(named: NamedAggregation): NamedAggregation {
  const children = named.children.map(withoutEmptyTerms)
  const { aggregation } = named
  if (aggregation.type !== 'terms' || aggregation.minDocCount > 0) return { ...named, children }
  return { ...named, children, aggregation: { ...aggregation, minDocCount: 1 } }
}
