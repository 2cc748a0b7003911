import { SearchError, tooManyBuckets } from '../errors.ts'
import { limits } from '../limits.ts'
import { distinctBytes, type GroupBytes, numberBytes } from './group-bytes.ts'

/** The memory that a search's aggregations may take. `take` throws a `SearchError` when it is too much; nothing is given back before the search is over. */
export interface AggregationMemory {
  take(bytes: number): void
}

const unbounded: AggregationMemory = { take: () => {} }

/** Of the answer's aggregations: 65,536 buckets with two averages each. Whoever reads the answer stands still for a third of a second. */
const answerBytes = 24 * 1024 * 1024

/** Counts what one search holds in memory and gives up, as a `SearchError`, before it is too much. */
export class Budget {
  readonly #memory: AggregationMemory
  #live = 0
  #kept = 0
  #answered = 0
  #answeredBytes = 0

  constructor(memory: AggregationMemory = unbounded) {
    this.#memory = memory
  }

  /** What the answer's aggregations take, about. */
  get answeredBytes(): number {
    return this.#answeredBytes
  }

  /** A bucket that collects. */
  takeBucket({ live }: GroupBytes, ofKey = 0): void {
    if (++this.#live > limits.liveBuckets) throw tooManyBuckets(limits.buckets)
    this.#memory.take(live + ofKey)
  }

  /** A bucket of the answer, empty ones included. */
  answerBucket({ answer }: GroupBytes): void {
    if (++this.#answered > limits.buckets) throw tooManyBuckets(limits.buckets)
    this.#answeredBytes += answer
    if (this.#answeredBytes > answerBytes) throw tooManyMetrics(answerBytes)
    this.#memory.take(answer)
  }

  /** A value of percentiles. */
  keepNumber(): void {
    this.#keep(numberBytes)
  }

  /** A different value of a cardinality. */
  keepDistinct(value: string | number): void {
    this.#keep(distinctBytes(value))
  }

  #keep(bytes: number): void {
    if (++this.#kept > limits.keptValues) throw tooManyValues()
    this.#memory.take(bytes)
  }
}

const tooManyMetrics = (bytes: number): SearchError =>
  new SearchError({
    type: 'too_many_buckets_exception',
    reason: `Trying to create too many buckets with metrics: together they would take more than [${bytes}] bytes of memory. Take a longer interval, fewer terms or fewer metrics.`,
    status: 400,
  })

/** Not 429, which says that the store is busy. */
const tooManyValues = (): SearchError =>
  new SearchError({
    type: 'too_many_buckets_exception',
    reason: `percentiles and cardinality of more than ${limits.keptValues} values; take a shorter time range`,
    status: 400,
  })
