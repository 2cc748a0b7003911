import { fieldType } from '../field-types.ts'
import type {
  Aggregation,
  DateHistogramAggregation,
  LeafQuery,
  NamedAggregation,
  Query,
  RangeQuery,
  SearchRequest,
} from '../tree.ts'

/** What becomes of the places of a search that name moments. */
export interface TimePlaces {
  /** Over a field of dates. */
  readonly range: (range: RangeQuery) => RangeQuery
  /** With bounds. */
  readonly histogram: (histogram: DateHistogramAggregation) => DateHistogramAggregation
  /** Told of every other place, which stays as it is: a date as a value, in place of a missing one, or to go on after. */
  readonly other: () => void
}

const isDate = (field: string): boolean => fieldType(field) === 'date'

/** The search with other moments, wherever it names any. */
export function mapTimes(request: SearchRequest, places: TimePlaces): SearchRequest {
  const { query, aggs, highlight, searchAfter } = request
  if (searchAfter !== undefined) places.other()
  const marked = highlight?.query
  return {
    ...request,
    query: mapQuery(query, places),
    aggs: aggs.map((each) => mapNamed(each, places)),
    ...(highlight !== undefined &&
      marked !== undefined && { highlight: { ...highlight, query: mapQuery(marked, places) } }),
  }
}

function mapQuery(query: Query, places: TimePlaces): Query {
  if (query.type !== 'bool') return mapLeaf(query, places)
  const map = (queries: readonly Query[]) => queries.map((each) => mapQuery(each, places))
  const { must, filter, should, mustNot } = query
  return {
    ...query,
    ...{ must: map(must), filter: map(filter), should: map(should), mustNot: map(mustNot) },
  }
}

function mapLeaf(query: LeafQuery, places: TimePlaces): LeafQuery {
  if (!('field' in query) || !isDate(query.field)) return query
  if (query.type === 'range') return places.range(query)
  // What is there has no moment; all others compare with one.
  if (query.type !== 'exists') places.other()
  return query
}

function mapNamed(named: NamedAggregation, places: TimePlaces): NamedAggregation {
  return {
    ...named,
    aggregation: mapAggregation(named.aggregation, places),
    children: named.children.map((each) => mapNamed(each, places)),
  }
}

function mapAggregation(aggregation: Aggregation, places: TimePlaces): Aggregation {
  if (aggregation.type === 'filters') {
    const { filters } = aggregation
    return {
      ...aggregation,
      filters: filters.map((each) => ({ ...each, query: mapQuery(each.query, places) })),
    }
  }
  if (hasDateValue(aggregation)) places.other()
  if (aggregation.type !== 'date_histogram' || aggregation.bounds === undefined) return aggregation
  return places.histogram(aggregation)
}

/** Of buckets of numbers over a date, bounds are moments as well. */
function hasDateValue(aggregation: Aggregation): boolean {
  if (!('field' in aggregation) || aggregation.field === undefined) return false
  if (!isDate(aggregation.field)) return false
  const isMissing = 'missing' in aggregation && aggregation.missing !== undefined
  return isMissing || (aggregation.type === 'histogram' && aggregation.bounds !== undefined)
}
