export interface Kept<Value> {
  readonly tenant: string
  readonly value: Value
  readonly bytes: number
  /** When it stops being an answer, ms. */
  readonly untilMs: number
}

export interface KeptLimits {
  readonly maxBytes: number
  readonly maxBytesPerTenant: number
}

/** What is kept in memory, within bounds for all and for each tenant: the least recently used goes first, a tenant's own when it is the tenant's bound. */
export class KeptAnswers<Value> {
  readonly #limits: KeptLimits
  /** In the order of their last use. */
  readonly #kept = new Map<string, Kept<Value>>()
  readonly #bytesOf = new Map<string, number>()
  #bytes = 0

  constructor(limits: KeptLimits) {
    this.#limits = limits
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: string, nowMs: number): Value | undefined {
    const kept = this.#kept.get(key)
    if (kept === undefined) return undefined
    if (kept.untilMs <= nowMs) {
      this.delete(key)
      return undefined
    }
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    return kept.value
  }

  set(key: string, kept: Kept<Value>): void {
    this.delete(key)
    if (kept.bytes > this.#limits.maxBytesPerTenant) return
    this.#kept.set(key, kept)
    this.#count(kept, kept.bytes)
    this.#makeRoom(kept.tenant)
  }

  delete(key: string): void {
    const kept = this.#kept.get(key)
    if (kept === undefined) return
    this.#kept.delete(key)
    this.#count(kept, -kept.bytes)
  }

  /** Drops what is over. */
  sweep(nowMs: number): void {
    for (const [key, { untilMs }] of this.#kept) if (untilMs <= nowMs) this.delete(key)
  }

  /** Puts what it is given for a value, or drops it; it may only get smaller. */
  replace(smaller: (value: Value) => Value | undefined): void {
    for (const [key, kept] of this.#kept) {
      const value = smaller(kept.value)
      if (value === undefined) this.delete(key)
      else if (value !== kept.value) this.#kept.set(key, { ...kept, value })
    }
  }

  clear(): void {
    this.#kept.clear()
    this.#bytesOf.clear()
    this.#bytes = 0
  }

  #count({ tenant }: Kept<Value>, bytes: number): void {
    this.#bytes += bytes
    const left = (this.#bytesOf.get(tenant) ?? 0) + bytes
    if (left === 0) this.#bytesOf.delete(tenant)
    else this.#bytesOf.set(tenant, left)
  }

  #makeRoom(tenant: string): void {
    const { maxBytes, maxBytesPerTenant } = this.#limits
    const isOver = () => (this.#bytesOf.get(tenant) ?? 0) > maxBytesPerTenant
    if (isOver())
      for (const [key, kept] of this.#kept) {
        if (kept.tenant === tenant) this.delete(key)
        if (!isOver()) break
      }
    for (const key of this.#kept.keys()) {
      if (this.#bytes <= maxBytes) return
      this.delete(key)
    }
  }
}
