import type { SearchFailure } from './answer.ts'

interface Details {
  /** Elasticsearch's snake-case name of the failure. */
  readonly type: string
  readonly reason: string
  /** HTTP status. */
  readonly status: number
}

/** A search that is refused; the only thing this package throws. Reaches the caller in Elasticsearch's own shape. */
export class SearchError extends Error {
  override readonly name = 'SearchError'
  readonly type: string
  readonly reason: string
  readonly status: number

  constructor({ type, reason, status }: Details) {
    super(reason)
    this.type = type
    this.reason = reason
    this.status = status
  }
}

/** The text or JSON is not what Elasticsearch would take either. */
export function malformed(reason: string): SearchError {
  return new SearchError({ type: 'parsing_exception', reason, status: 400 })
}

/** Elasticsearch knows it, Warren does not accept it. */
export function refused(reason: string): SearchError {
  return new SearchError({ type: 'illegal_argument_exception', reason, status: 400 })
}

export function tooManyBuckets(limit: number): SearchError {
  return new SearchError({
    type: 'too_many_buckets_exception',
    reason: `Trying to create too many buckets. Must be less than or equal to: [${limit}] but this number of buckets was exceeded. Take a longer interval or fewer terms.`,
    status: 400,
  })
}

/** One element of `_msearch`'s `responses`: {@link https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-msearch} */
export function toSearchFailure({ type, reason: whole, status }: Details): SearchFailure {
  const reason = cut(whole)
  return { error: { root_cause: [{ type, reason }], type, reason }, status }
}

/** A reason quotes what was sent, which may be long. */
const longestReason = 1000

function cut(reason: string): string {
  if (reason.length <= longestReason) return reason
  return `${reason.slice(0, longestReason)}… (${reason.length} characters)`
}
