import { getHeapStatistics } from 'node:v8'
import { SearchError } from '@warren/searchdsl/errors'
import type { AggregationMemory } from '@warren/searchdsl/evaluate/memory/budget'

const heapBytes = getHeapStatistics().heap_size_limit
/** Bytes that the aggregations of all searches of one thread may hold at one time: beside them the heap has the page rooms and what is being written. */
const maxHeld = heapBytes / 2
/** Of one search: somebody else's finds room beside it. */
const maxOwn = (maxHeld * 3) / 4

let held = 0

/** What the aggregations of one search hold. */
export class AggregationRoom implements AggregationMemory {
  #taken = 0

  take(bytes: number): void {
    this.#taken += bytes
    held += bytes
    if (this.#taken > maxOwn) throw tooLarge()
    if (held > maxHeld) throw busy()
  }

  giveBack(bytes: number): void {
    this.#taken -= bytes
    held -= bytes
  }

  release(): void {
    this.giveBack(this.#taken)
  }
}

/** In Elasticsearch's words for what is the same there. Not 429, which says that the store is busy. */
const tooLarge = (): SearchError =>
  new SearchError({
    type: 'too_many_buckets_exception',
    reason: `Trying to create too many buckets, metrics or different values: together they would take more than [${Math.floor(maxOwn)}] bytes of memory. Take a shorter time range, a longer interval, fewer metrics, or a filter.`,
    status: 400,
  })

const busy = (): SearchError =>
  new SearchError({
    type: 'circuit_breaking_exception',
    reason: 'other searches hold large aggregations at this moment; retry in 2 s',
    status: 429,
  })
