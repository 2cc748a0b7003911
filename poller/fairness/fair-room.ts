/** A bounded amount, given out by turns: a tenant that asks for much waits for itself, not others for it. */
export interface FairRoom {
  /** Resolves when it fits; what is larger than the room fits an empty one.
   *  `likely`: what of it will probably not be given back at once. That decides whether the tenant is within its share, the amount whether the room has it. */
  take(tenant: string, amount: number, likely?: number): Promise<void>
  give(tenant: string, amount: number): void
  readonly used: number
}

export interface FairRoomOptions {
  readonly max: number
  /** What one tenant may have of it now. */
  readonly maxOfOne: () => number
  /** Hears of each change of `used`. */
  readonly onUsed?: (used: number) => void
}

interface Waiter {
  readonly amount: number
  readonly likely: number
  readonly admit: () => void
}

export function createFairRoom({ max, maxOfOne, onUsed }: FairRoomOptions): FairRoom {
  const usedBy = new Map<string, number>()
  /** Whose turn is next stands first. */
  const waiting = new Map<string, Waiter[]>()
  let used = 0

  const usedOf = (tenant: string) => usedBy.get(tenant) ?? 0
  const isOverShare = (tenant: string, likely: number) =>
    usedOf(tenant) > 0 && usedOf(tenant) + likely > maxOfOne()
  const fits = (amount: number) => used === 0 || used + amount <= max
  const note = (tenant: string, amount: number) => {
    used += amount
    onUsed?.(used)
    const now = usedOf(tenant) + amount
    if (now === 0) usedBy.delete(tenant)
    else usedBy.set(tenant, now)
  }

  /** Admits the first waiter of the first tenant that is within its share; false when nobody can be. */
  const admitOne = (): boolean => {
    for (const [tenant, waiters] of waiting) {
      const [first] = waiters
      if (first === undefined || isOverShare(tenant, first.likely)) continue
      // Not passed over for a smaller one, or a large message would never come in.
      if (!fits(first.amount)) return false
      waiters.shift()
      waiting.delete(tenant)
      if (waiters.length > 0) waiting.set(tenant, waiters)
      note(tenant, first.amount)
      first.admit()
      return true
    }
    return false
  }

  return {
    take: (tenant, amount, likely = amount) => {
      if (waiting.size === 0 && fits(amount) && !isOverShare(tenant, likely)) {
        note(tenant, amount)
        return Promise.resolve()
      }
      return new Promise((admit) => {
        const waiters = waiting.get(tenant)
        if (waiters === undefined) waiting.set(tenant, [{ amount, likely, admit }])
        else waiters.push({ amount, likely, admit })
        while (admitOne());
      })
    },
    give: (tenant, amount) => {
      note(tenant, -amount)
      while (admitOne());
    },
    get used() {
      return used
    },
  }
}
