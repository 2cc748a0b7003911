import { SearchError, tooManyBuckets } from '../errors.ts'
import { limits } from '../limits.ts'

/** Counts what one search holds in memory and gives up, as a `SearchError`, before it is too much. */
export class Budget {
  #live = 0
  #kept = 0
  #answered = 0

  /** A bucket that collects. */
  takeBucket(): void {
    if (++this.#live > limits.liveBuckets) throw tooManyBuckets(limits.buckets)
  }

  /** A bucket of the answer, empty ones included. */
  answerBucket(): void {
    if (++this.#answered > limits.buckets) throw tooManyBuckets(limits.buckets)
  }

  /** A value kept for percentiles or cardinality. */
  keepValue(): void {
    if (++this.#kept <= limits.keptValues) return
    throw new SearchError({
      type: 'circuit_breaking_exception',
      reason: `percentiles and cardinality of more than ${limits.keptValues} values; take a shorter time range`,
      status: 429,
    })
  }
}
