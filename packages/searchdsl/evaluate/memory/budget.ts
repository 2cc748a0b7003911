import { SearchError, tooManyBuckets } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { HyperLogLog } from '../metrics/hyper-log-log.ts'
import { type GroupBytes, numberBytes } from './group-bytes.ts'

/** The memory that a search's aggregations may take. What is left when the search is over, its owner gives back. */
export interface AggregationMemory {
  /** Throws a `SearchError` when it is too much. */
  take(bytes: number): void
  giveBack(bytes: number): void
}

const unbounded: AggregationMemory = { take: () => {}, giveBack: () => {} }

/** Of the answer's aggregations: 65,536 buckets with two averages each. Whoever reads the answer stands still for a third of a second. */
const answerBytes = 24 * 1024 * 1024

/** Counts what one search holds in memory and gives up, as a `SearchError`, before it is too much. */
export class Budget {
  readonly #memory: AggregationMemory
  #live = 0
  #kept = 0
  #distinctBytes = 0
  /** It stays so: whether a set is estimated hangs on no other set that has been since. */
  #isCrowded = false
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

  /** Whether a cardinality may have so many different values, of so many bytes: up to Elasticsearch's largest `precision_threshold`, and once all of a search take much, up to what an estimate takes. */
  mayKeepDistinct(values: number, bytes: number): boolean {
    if (this.#isCrowded) return bytes <= HyperLogLog.bytes
    return values <= limits.exactCardinality && bytes <= limits.exactCardinalityBytes
  }

  keepDistinct(bytes: number): void {
    this.#distinctBytes += bytes
    this.#isCrowded ||= this.#distinctBytes >= limits.exactCardinalitiesBytes
    this.#keep(bytes)
  }

  /** In place of so many that were kept. */
  estimateDistinct(values: number, bytes: number): void {
    this.#distinctBytes -= bytes
    this.#kept -= values
    this.#memory.giveBack(bytes)
    this.#memory.take(HyperLogLog.bytes)
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
