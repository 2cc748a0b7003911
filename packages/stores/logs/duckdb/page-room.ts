import { SearchError } from '@warren/searchdsl/errors'

/** Characters that the hits of all searches of one thread may hold at one time. Beyond the heap the thread dies, and DuckDB's native side takes the whole process with it. */
const maxHeld = 48 * 1024 * 1024
/** Of one search. */
const maxPage = 32 * 1024 * 1024

let held = 0

/** What the hits of one search hold. */
export class PageRoom {
  #taken = 0

  /** Throws a `SearchError` when it would be too much. */
  take(characters: number): void {
    this.#taken += characters
    held += characters
    if (this.#taken > maxPage) throw tooLarge()
    if (held > maxHeld) throw busy()
  }

  release(): void {
    held -= this.#taken
    this.#taken = 0
  }
}

/** Not 429, which says that the store is busy. */
const tooLarge = (): SearchError =>
  new SearchError({
    type: 'circuit_breaking_exception',
    reason: 'the hits are too large together; ask for fewer, or for fewer fields',
    status: 400,
  })

const busy = (): SearchError =>
  new SearchError({
    type: 'circuit_breaking_exception',
    reason: 'other searches hold large hits at this moment; retry in 2 s',
    status: 429,
  })
