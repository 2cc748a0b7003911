import type { PipelineAggregation } from './pipeline-tree.ts'

/** The search requests Warren accepts: a closed tree. What is not here cannot be asked, forwarded or evaluated.
 *  Source of the names: Elasticsearch 8, https://www.elastic.co/docs/reference/query-languages/querydsl */

export type Scalar = string | number | boolean

export interface MatchAllQuery {
  readonly type: 'match_all'
}
export interface MatchNoneQuery {
  readonly type: 'match_none'
}
/** All lists may be empty. How many of `should` must match is in `leastShould`. */
export interface BoolQuery {
  readonly type: 'bool'
  readonly must: readonly Query[]
  readonly filter: readonly Query[]
  readonly should: readonly Query[]
  readonly mustNot: readonly Query[]
  readonly minimumShouldMatch?: number
}
export interface TermQuery {
  readonly type: 'term'
  readonly field: string
  readonly value: Scalar
  readonly caseInsensitive?: boolean
}
export interface TermsQuery {
  readonly type: 'terms'
  readonly field: string
  readonly values: readonly Scalar[]
}
/** Bounds are as sent: numbers, date texts or date math for a date field; `format` and `timeZone` say how to read those. */
export interface RangeQuery {
  readonly type: 'range'
  readonly field: string
  readonly gt?: string | number
  readonly gte?: string | number
  readonly lt?: string | number
  readonly lte?: string | number
  readonly format?: string
  readonly timeZone?: string
}
export interface MatchQuery {
  readonly type: 'match'
  readonly field: string
  readonly query: Scalar
  readonly operator: 'or' | 'and'
}
export interface MatchPhraseQuery {
  readonly type: 'match_phrase'
  readonly field: string
  readonly query: Scalar
}
export interface ExistsQuery {
  readonly type: 'exists'
  readonly field: string
}
/** `wildcard`: `*` and `?`, backslash escapes; `regexp`: Lucene's syntax without its optional operators. All match a whole term. */
export interface PatternQuery {
  readonly type: 'prefix' | 'wildcard' | 'regexp'
  readonly field: string
  readonly value: string
  readonly caseInsensitive?: boolean
}

export type LeafQuery =
  | MatchAllQuery
  | MatchNoneQuery
  | TermQuery
  | TermsQuery
  | RangeQuery
  | MatchQuery
  | MatchPhraseQuery
  | ExistsQuery
  | PatternQuery
/** `query_string` is parsed into these nodes too; there is no node that holds Lucene text. */
export type Query = BoolQuery | LeafQuery

export interface Order {
  /** `_key`, `_count`, or a metric's name, with `.property` or `[property]` for one of several values. */
  readonly by: string
  readonly direction: 'asc' | 'desc'
}

export interface DateHistogramAggregation {
  readonly type: 'date_histogram'
  readonly field: string
  readonly interval:
    | { readonly kind: 'fixed'; readonly ms: number }
    | { readonly kind: 'calendar'; readonly unit: CalendarUnit }
  readonly minDocCount: number
  readonly bounds?: { readonly min: string | number; readonly max: string | number }
  readonly format?: string
  readonly timeZone?: string
  readonly offsetMs?: number
  readonly missing?: string | number
  readonly keyed: boolean
}
export type CalendarUnit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year'

export interface HistogramAggregation {
  readonly type: 'histogram'
  readonly field: string
  readonly interval: number
  readonly minDocCount: number
  readonly offset?: number
  readonly bounds?: { readonly min: number; readonly max: number }
  readonly missing?: number
}
export interface TermsAggregation {
  readonly type: 'terms'
  readonly field: string
  readonly size: number
  readonly order: readonly Order[]
  readonly minDocCount: number
  readonly missing?: Scalar
}
export interface FiltersAggregation {
  readonly type: 'filters'
  readonly filters: readonly { readonly name: string; readonly query: Query }[]
}
/** `avg`, `sum`, `min`, `max`, `value_count`, `stats`, `extended_stats`, `cardinality` of one field. */
export interface FieldMetric {
  readonly type:
    | 'avg'
    | 'sum'
    | 'min'
    | 'max'
    | 'value_count'
    | 'stats'
    | 'extended_stats'
    | 'cardinality'
  readonly field: string
  readonly missing?: Scalar
  /** Of `extended_stats` only: width of the deviation bounds. */
  readonly sigma?: number
  /** Of `cardinality` only. */
  readonly precisionThreshold?: number
}
export interface PercentilesMetric {
  readonly type: 'percentiles'
  readonly field: string
  /** Each 0 to 100. */
  readonly percents: readonly number[]
  readonly missing?: number
}
export interface TopMetricsMetric {
  readonly type: 'top_metrics'
  readonly metrics: readonly string[]
  readonly sort: Sort
  readonly size: number
}
/** Of a date histogram's buckets: matches, or the sum or count of a field's values, a unit of time. */
export interface RateMetric {
  readonly type: 'rate'
  readonly unit: RateUnit
  /** None: the matches themselves. */
  readonly field?: string
  readonly mode?: 'sum' | 'value_count'
}
export type RateUnit = CalendarUnit | 'second'

export type BucketAggregation =
  | DateHistogramAggregation
  | HistogramAggregation
  | TermsAggregation
  | FiltersAggregation
export type MetricAggregation = FieldMetric | PercentilesMetric | TopMetricsMetric | RateMetric
export type Aggregation = BucketAggregation | MetricAggregation | PipelineAggregation

export interface NamedAggregation {
  readonly name: string
  readonly aggregation: Aggregation
  /** Only bucket aggregations have children. */
  readonly children: readonly NamedAggregation[]
}

export interface Sort {
  /** A field, `_doc` or `_score`. */
  readonly field: string
  readonly direction: 'asc' | 'desc'
  readonly unmappedType?: string
  readonly missing?: '_first' | '_last'
}

export interface FieldSelector {
  /** May hold `*`. */
  readonly field: string
  readonly format?: string
}

export interface Highlight {
  readonly fields: readonly string[]
  readonly preTag: string
  readonly postTag: string
  readonly requireFieldMatch: boolean
  /** What is marked; absent: what the search looks for. */
  readonly query?: Query
}

export type SourceFilter =
  | boolean
  | { readonly includes: readonly string[]; readonly excludes: readonly string[] }

export interface SearchRequest {
  readonly query: Query
  readonly aggs: readonly NamedAggregation[]
  readonly size: number
  readonly from: number
  readonly sort: readonly Sort[]
  readonly searchAfter?: readonly (Scalar | null)[]
  readonly docvalueFields: readonly FieldSelector[]
  readonly fields: readonly FieldSelector[]
  readonly source: SourceFilter
  readonly highlight?: Highlight
  /** `true`: exact; a number: exact up to it; `false`: no total. */
  readonly trackTotalHits: boolean | number
}
