import { setTimeout as delay, setImmediate as others } from 'node:timers/promises'
import { storeError } from '../../duckdb/store-error.ts'

/** So long a search may look at records before others have their turn. One record alone may take longer. */
const turnMs = 20

/** Of its turn, so long a search waits while others run: each of their statements is some steps on DuckDB's threads, of which one would end in a turn of the loop. */
const pausePerTurn = 0.25

/** Of one search: whether it is wanted still, and whether nothing else is asked of the thread. */
export interface Company {
  readonly signal: AbortSignal
  readonly isAlone: () => boolean
}

/** A search's turn on the thread: what others ask, and that a search was cancelled, is read between turns only. It begins when made. */
export class Turn {
  readonly #company: Company
  #startMs = performance.now()
  #spentMs = 0

  constructor(company: Company) {
    this.#company = company
  }

  get isOver(): boolean {
    return performance.now() - this.#startMs >= turnMs
  }

  /** Before the search waits for DuckDB, which is none of its time on the thread. */
  leave(): void {
    this.#spentMs = performance.now() - this.#startMs
  }

  /** After it has waited. */
  resume(): void {
    this.#startMs = performance.now() - this.#spentMs
  }

  /** Resolves when it is this search's turn again; throws when it was cancelled meanwhile. */
  async next(): Promise<void> {
    this.leave()
    await others()
    if (!this.#company.isAlone()) await delay(this.#spentMs * pausePerTurn)
    if (this.#company.signal.aborted) throw storeError('aborted', 'the query was cancelled')
    this.#spentMs = 0
    this.resume()
  }
}
