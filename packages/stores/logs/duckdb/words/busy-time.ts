/** Shorter stretches say little. */
const minLookMs = 1000

/** How much of the time work of one kind takes. */
export class BusyTime {
  #running = 0
  #busyMs = 0
  /** Since when some has run without a break, or the present look. */
  #sinceMs = performance.now()
  #lookedMs = performance.now()
  #wasMost = false

  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running++ === 0) this.#sinceMs = performance.now()
    try {
      return await work()
    } finally {
      if (--this.#running === 0) this.#busyMs += performance.now() - this.#sinceMs
    }
  }

  /** Whether it took more than half of the time since the last look, which is a second ago at least. */
  isMost(): boolean {
    const nowMs = performance.now()
    const lookedForMs = nowMs - this.#lookedMs
    if (lookedForMs < minLookMs) return this.#wasMost
    const busyMs = this.#busyMs + (this.#running === 0 ? 0 : nowMs - this.#sinceMs)
    this.#wasMost = busyMs > lookedForMs / 2
    this.#busyMs = 0
    this.#sinceMs = nowMs
    this.#lookedMs = nowMs
    return this.#wasMost
  }
}
