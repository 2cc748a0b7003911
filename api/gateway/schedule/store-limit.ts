export interface StoreLimitBounds {
  readonly least: number
  readonly most: number
}

const decrease = 0.9
/** Queries that were under way together fail together: that is one drop. */
const dropEveryMs = 1000

/** How many queries a store that fails is asked at one time at most: additive increase, multiplicative decrease. */
export class StoreLimit {
  readonly #bounds: StoreLimitBounds
  readonly #now: () => number
  #limit: number
  #droppedMs = Number.NEGATIVE_INFINITY

  constructor(bounds: StoreLimitBounds, now: () => number = Date.now) {
    this.#bounds = bounds
    this.#now = now
    this.#limit = bounds.most
  }

  get value(): number {
    return Math.max(this.#bounds.least, Math.floor(this.#limit))
  }

  /** A query was answered while so many were under way. Grows only when they are used: an idle store proves nothing. */
  answered(running: number): void {
    if (running * 2 < this.value) return
    this.#limit = Math.min(this.#bounds.most, this.#limit + 1 / this.value)
  }

  /** An error, no answer in time, or an answer that says it is too much, while it was asked so many at most. */
  dropped(atMost: number): void {
    const nowMs = this.#now()
    if (nowMs - this.#droppedMs < dropEveryMs) return
    this.#droppedMs = nowMs
    const tooMuch = Math.min(this.#limit, atMost)
    this.#limit = Math.max(this.#bounds.least, tooMuch * decrease)
  }
}
