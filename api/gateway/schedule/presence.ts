/** How much time of asking is remembered, ms: after it a third of its weight is left. */
const memoryMs = 10_000
/** Who has asked nothing for longer is idle, ms: what is known of it stays as it is at first, */
const idleMs = 1000
/** and is forgotten by and by, ms. */
const forgetMs = 60_000
/** Of those of whom nothing is known. */
const unknown = 0.5
const maxKnown = 10_000

interface Known {
  /** Queries that wait now. */
  waiting: number
  sinceMs: number
  share: number
}

/** For what part of the time in which it asks each tenant has something waiting: one whose clients ask again at once always has, one who asks now and then only while it has to wait for others.
 *  However much waits counts once, so many queries behind one hiccup do not make a flood of anybody. */
export class Presence {
  readonly #known = new Map<string, Known>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** A query came, and waits or does not have to. */
  came(tenant: string, waits: boolean): void {
    const nowMs = this.#now()
    let known = this.#known.get(tenant)
    if (known === undefined) {
      if (this.#known.size >= maxKnown) this.#forget(nowMs)
      known = { waiting: 0, sinceMs: nowMs, share: unknown }
      this.#known.set(tenant, known)
    }
    pass(known, nowMs)
    if (waits) known.waiting++
  }

  /** One that waited has its turn, or has left. */
  waitsNoMore(tenant: string): void {
    const known = this.#known.get(tenant)
    if (known === undefined) return
    pass(known, this.#now())
    known.waiting--
  }

  /** From 0 to 1. */
  share(tenant: string): number {
    const known = this.#known.get(tenant)
    return known === undefined ? unknown : after(known, this.#now())
  }

  #forget(nowMs: number): void {
    for (const [tenant, { waiting, sinceMs }] of this.#known)
      if (waiting === 0 && nowMs - sinceMs > forgetMs) this.#known.delete(tenant)
  }
}

function pass(known: Known, nowMs: number): void {
  known.share = after(known, nowMs)
  known.sinceMs = nowMs
}

function after({ share, waiting, sinceMs }: Known, nowMs: number): number {
  const passedMs = nowMs - sinceMs
  if (waiting > 0) return 1 - (1 - share) * Math.exp(-passedMs / memoryMs)
  const asking = share * Math.exp(-Math.min(passedMs, idleMs) / memoryMs)
  if (passedMs <= idleMs) return asking
  return unknown + (asking - unknown) * Math.exp(-(passedMs - idleMs) / forgetMs)
}
