/** How long what somebody did is remembered, ms: after it a third of its weight is left. */
const memoryMs = 10_000
/** Who asked nothing for so long is as new, ms. */
const forgetMs = 60_000
const maxKnown = 10_000

interface Known {
  /** Queries under way now, waiting ones included. */
  now: number
  sinceMs: number
  /** Query-milliseconds and milliseconds, each the less the longer ago. */
  busy: number
  seen: number
}

/** How many queries each tenant has under way on average: one who asks a little at a time, whatever the rate, has less than one as long as it is answered; one with more clients than answers has as many as clients. */
export class Presence {
  readonly #known = new Map<string, Known>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  came(tenant: string): void {
    const nowMs = this.#now()
    let known = this.#known.get(tenant)
    if (known === undefined || (known.now === 0 && nowMs - known.sinceMs > forgetMs)) {
      if (this.#known.size >= maxKnown) this.#forget(nowMs)
      known = { now: 0, sinceMs: nowMs, busy: 0, seen: 0 }
      this.#known.set(tenant, known)
    }
    pass(known, nowMs)
    known.now++
  }

  left(tenant: string): void {
    const known = this.#known.get(tenant)
    if (known === undefined) return
    pass(known, this.#now())
    known.now--
  }

  /** Over the last seconds; of a tenant that has just come as many as it has now. */
  average(tenant: string): number {
    const known = this.#known.get(tenant)
    if (known === undefined) return 0
    pass(known, this.#now())
    return known.seen < 1 ? known.now : known.busy / known.seen
  }

  #forget(nowMs: number): void {
    for (const [tenant, { now, sinceMs }] of this.#known)
      if (now === 0 && nowMs - sinceMs > memoryMs) this.#known.delete(tenant)
  }
}

function pass(known: Known, nowMs: number): void {
  const left = Math.exp(-(nowMs - known.sinceMs) / memoryMs)
  known.busy = known.busy * left + known.now * memoryMs * (1 - left)
  known.seen = known.seen * left + memoryMs * (1 - left)
  known.sinceMs = nowMs
}
