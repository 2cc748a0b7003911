import type { SearchRequest } from '@warren/searchdsl/tree'
import { timeBetween } from './exact-sql.ts'

/** Milliseconds, both inclusive. */
interface TimeRange {
  readonly minMs: number
  readonly maxMs: number
}

/** A search that lists its newest or oldest matches and counts up to a limit has its whole answer long before its range ends, where many records match. */
export class EarlyEnd {
  readonly newestFirst: boolean
  readonly #limit: number
  readonly #pageSize: number
  #matches = 0
  #isPageComplete: boolean

  private constructor({ size, from, sort }: SearchRequest, limit: number) {
    this.newestFirst = sort[0]?.direction === 'desc'
    this.#limit = limit
    this.#pageSize = size === 0 ? 0 : from + size
    this.#isPageComplete = this.#pageSize === 0
  }

  /** Undefined when every match has a part in the answer. */
  static of(request: SearchRequest): EarlyEnd | undefined {
    const { aggs, searchAfter, size, sort, trackTotalHits } = request
    const isByTime = size === 0 || sort[0]?.field === '@timestamp'
    if (aggs.length > 0 || searchAfter !== undefined || !isByTime || trackTotalHits === true)
      return undefined
    return new EarlyEnd(request, trackTotalHits === false ? 0 : trackTotalHits)
  }

  addMatch(): void {
    this.#matches++
  }

  /** Every match up to this time has been added, those that come first in the order of the page first. */
  endStretch(): void {
    this.#isPageComplete ||= this.#matches >= this.#pageSize
  }

  /** No further match changes the answer. */
  get isReached(): boolean {
    return this.#isPageComplete && this.#matches > this.#limit
  }

  /** Conditions that part the range, in the order of the page: small stretches first, since nobody knows how many records match. They meet between milliseconds, which the page's order does not tell apart. */
  stretches({ minMs, maxMs }: TimeRange): readonly string[] {
    const room = maxMs - minMs + 1
    const ends = [1 / 64, 1 / 16, 1 / 4, 1].map((share) => Math.ceil(room * share))
    return ends.map((end, at) => {
      const start = at === 0 ? 0 : (ends[at - 1] ?? 0)
      return this.newestFirst
        ? timeBetween({ minMs: maxMs - end + 1, maxMs: maxMs - start })
        : timeBetween({ minMs: minMs + start, maxMs: minMs + end - 1 })
    })
  }
}
