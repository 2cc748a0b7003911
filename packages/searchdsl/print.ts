import { fieldType } from './field-types.ts'
import { limits } from './limits.ts'
import { printAggregations } from './print/aggs.ts'
import { printQuery } from './print/query.ts'
import { printSort } from './print/sort.ts'
import type { Scalar, SearchRequest, Sort, SourceFilter } from './tree.ts'

/** The body for a real Elasticsearch, made from the tree alone; how long it may take is for who sends it. Hits without an order come in index order, so that nothing is scored. */
export function printSearch(request: SearchRequest): object {
  const { query, aggs, size, from, sort, searchAfter, highlight } = request
  const order = sort.length === 0 ? [{ field: '_doc', direction: 'asc' } as const] : sort
  return {
    query: printQuery(query),
    size,
    ...(from === 0 ? {} : { from }),
    ...(aggs.length === 0 ? {} : { aggs: printAggregations(aggs) }),
    sort: order.map(printSort),
    ...(searchAfter === undefined ? {} : { search_after: printSearchAfter(searchAfter, order) }),
    ...(request.docvalueFields.length === 0 ? {} : { docvalue_fields: request.docvalueFields }),
    ...(request.fields.length === 0 ? {} : { fields: request.fields }),
    _source: printSource(request.source),
    ...(highlight === undefined ? {} : { highlight: printHighlight(highlight) }),
    track_total_hits: request.trackTotalHits === true ? limits.trackedHits : request.trackTotalHits,
  }
}

/** A date in `search_after` is milliseconds when a number; the store sorts by nanoseconds and would misread it. */
function printSearchAfter(
  values: readonly (Scalar | null)[],
  sort: readonly Sort[],
): readonly unknown[] {
  return values.map((value, at) => {
    const field = sort[at]?.field ?? ''
    if (typeof value !== 'number' || fieldType(field) !== 'date') return value
    return new Date(value).toISOString()
  })
}

function printSource(source: SourceFilter): unknown {
  if (typeof source === 'boolean') return source
  return { includes: source.includes, excludes: source.excludes }
}

function printHighlight(highlight: NonNullable<SearchRequest['highlight']>): object {
  return {
    fields: Object.fromEntries(highlight.fields.map((field) => [field, {}])),
    pre_tags: [highlight.preTag],
    post_tags: [highlight.postTag],
    require_field_match: highlight.requireFieldMatch,
    ...(highlight.query === undefined ? {} : { highlight_query: printQuery(highlight.query) }),
    // 0: the whole field, marked.
    number_of_fragments: 0,
  }
}
