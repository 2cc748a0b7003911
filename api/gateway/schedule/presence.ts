/** How long it is remembered whether somebody waited, ms: after it a third of its weight is left. */
const memoryMs = 10_000
/** Of who has not waited for so long hardly anything is left. */
const forgetMs = 60_000
const maxKnown = 10_000

interface Known {
  /** Queries that wait now. */
  waiting: number
  sinceMs: number
  share: number
}

/** For what part of the last seconds each tenant had something waiting: one whose clients ask again at once always has, one who asks now and then only while it has to wait for others.
 *  What waits counts once, however much it is, so one hiccup with many behind it does not make a flood of anybody. */
export class Presence {
  readonly #known = new Map<string, Known>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  waits(tenant: string): void {
    const nowMs = this.#now()
    let known = this.#known.get(tenant)
    if (known === undefined) {
      if (this.#known.size >= maxKnown) this.#forget(nowMs)
      known = { waiting: 0, sinceMs: nowMs, share: 0 }
      this.#known.set(tenant, known)
    }
    pass(known, nowMs)
    known.waiting++
  }

  /** Its turn has come, or it has left. */
  waitsNoMore(tenant: string): void {
    const known = this.#known.get(tenant)
    if (known === undefined) return
    pass(known, this.#now())
    known.waiting--
  }

  /** From 0 to 1; of a tenant that nobody knows 0. */
  share(tenant: string): number {
    const known = this.#known.get(tenant)
    if (known === undefined) return 0
    pass(known, this.#now())
    return known.share
  }

  #forget(nowMs: number): void {
    for (const [tenant, { waiting, sinceMs }] of this.#known)
      if (waiting === 0 && nowMs - sinceMs > forgetMs) this.#known.delete(tenant)
  }
}

function pass(known: Known, nowMs: number): void {
  const left = Math.exp(-(nowMs - known.sinceMs) / memoryMs)
  known.share = known.share * left + (known.waiting > 0 ? 1 - left : 0)
  known.sinceMs = nowMs
}
