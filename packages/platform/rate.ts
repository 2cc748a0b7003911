/** Points (or records) and bytes a second; undefined: as many as there are. */
export interface RateLimits {
  readonly itemsPerSecond?: number | undefined
  readonly bytesPerSecond?: number | undefined
}

export interface Debt {
  /** Of which limit. */
  readonly of: 'items' | 'bytes'
  /** Until it is paid, if nothing more is spent. */
  readonly ms: number
}

/** What one tenant may still take of its limits. It is told afterwards what a message was, so it may be in debt: until that is paid, it is over its limit. */
export interface Rate {
  /** Negative amounts are given back. */
  spend(items: number, bytes: number): void
  /** That of the two which takes longer; undefined when there is none. */
  debt(): Debt | undefined
  isInDebt(): boolean
}

export interface RateOptions {
  /** Asked at each use. */
  readonly limits: () => RateLimits
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  /** How much may come at once after a silence. */
  readonly burstSeconds: number
}

interface BucketOptions extends Omit<RateOptions, 'limits'> {
  readonly perSecond: () => number | undefined
}

function createBucket({ perSecond, now, burstSeconds }: BucketOptions) {
  let balance = Number.POSITIVE_INFINITY
  let at = now()
  const paid = (): number => {
    const rate = perSecond()
    const elapsed = (now() - at) / 1000
    at = now()
    if (rate === undefined) balance = Number.POSITIVE_INFINITY
    else balance = Math.min(balance + elapsed * rate, burstSeconds * rate)
    return balance
  }
  return {
    spend: (amount: number) => {
      balance = paid() - amount
    },
    isInDebt: () => paid() < 0,
    /** Zero without a debt. */
    debtMs: (): number => Math.max(0, (-paid() / (perSecond() ?? 1)) * 1000),
  }
}

export function createRate({ limits, ...rest }: RateOptions): Rate {
  const items = createBucket({ ...rest, perSecond: () => limits().itemsPerSecond })
  const bytes = createBucket({ ...rest, perSecond: () => limits().bytesPerSecond })
  return {
    spend: (itemCount, byteCount) => {
      items.spend(itemCount)
      bytes.spend(byteCount)
    },
    debt: () => {
      const [itemsMs, bytesMs] = [items.debtMs(), bytes.debtMs()]
      if (itemsMs === 0 && bytesMs === 0) return undefined
      return itemsMs >= bytesMs ? { of: 'items', ms: itemsMs } : { of: 'bytes', ms: bytesMs }
    },
    isInDebt: () => items.isInDebt() || bytes.isInDebt(),
  }
}
