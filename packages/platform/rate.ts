/** Points (or records) and bytes a second; undefined: as many as there are. */
export interface RateLimits {
  readonly itemsPerSecond?: number | undefined
  readonly bytesPerSecond?: number | undefined
}

/** What one tenant may still take of its limits. It is told afterwards what a message was, so it may be in debt: until that is paid, it is over its limit. */
export interface Rate {
  spend(items: number, bytes: number): void
  isInDebt(): boolean
}

/** How much may come at once after a silence. */
const burstSeconds = 2

function createBucket(perSecond: () => number | undefined, now: () => number) {
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
  }
}

/** `limits` are asked at each use; `now` is in milliseconds of a clock that never goes back. */
export function createRate(limits: () => RateLimits, now: () => number): Rate {
  const items = createBucket(() => limits().itemsPerSecond, now)
  const bytes = createBucket(() => limits().bytesPerSecond, now)
  return {
    spend: (itemCount, byteCount) => {
      items.spend(itemCount)
      bytes.spend(byteCount)
    },
    isInDebt: () => items.isInDebt() || bytes.isInDebt(),
  }
}
