/** One element of `_msearch`'s `responses`, as Elasticsearch 8 answers it: https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-msearch */

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json }

export interface Hit {
  readonly _index: string
  readonly _id: string
  readonly _score: number | null
  readonly _source?: Readonly<Record<string, Json>>
  readonly fields?: Readonly<Record<string, readonly Json[]>>
  readonly highlight?: Readonly<Record<string, readonly string[]>>
  readonly sort?: readonly Json[]
}

export interface SearchSuccess {
  readonly took: number
  readonly timed_out: boolean
  readonly _shards: {
    readonly total: number
    readonly successful: number
    readonly skipped: number
    readonly failed: number
  }
  readonly hits: {
    /** Absent when the request has `track_total_hits: false`. */
    readonly total?: { readonly value: number; readonly relation: 'eq' | 'gte' }
    readonly max_score: number | null
    readonly hits: readonly Hit[]
  }
  readonly aggregations?: Readonly<Record<string, Json>>
  readonly status: 200
}

export interface SearchFailure {
  readonly error: {
    readonly root_cause: readonly { readonly type: string; readonly reason: string }[]
    readonly type: string
    readonly reason: string
  }
  readonly status: number
}

export type SearchAnswer = SearchSuccess | SearchFailure
