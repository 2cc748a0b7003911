import { setImmediate as others } from 'node:timers/promises'
import { storeError } from '../../duckdb/store-error.ts'

/** So long a search may look at records before others have their turn. One record alone may take longer. */
const turnMs = 20

/** A search's turn on the thread: what others ask, and that a search was cancelled, is read between turns only. */
export class Turn {
  readonly #signal: AbortSignal
  #endMs = performance.now() + turnMs

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  get isOver(): boolean {
    return performance.now() >= this.#endMs
  }

  /** Resolves when it is this search's turn again; throws when it was cancelled meanwhile. */
  async next(): Promise<void> {
    await others()
    if (this.#signal.aborted) throw storeError('aborted', 'the query was cancelled')
    this.#endMs = performance.now() + turnMs
  }
}
