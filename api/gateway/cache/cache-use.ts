/** How an answer came about: kept, kept in part, asked of the store, or asked past the cache because the asker wants it fresh. */
export type CacheState = 'hit' | 'partial' | 'miss' | 'bypass'

export interface CacheUse {
  readonly state: CacheState
  /** Since the store was asked for its oldest part, ms. */
  readonly ageMs: number
}

const fromBest: readonly CacheState[] = ['hit', 'partial', 'miss', 'bypass']

/** Of an answer that has several: the worst of them, as old as the oldest. Undefined: there is none. */
export function worstOf(uses: readonly CacheUse[]): CacheUse | undefined {
  if (uses.length === 0) return undefined
  const worst = Math.max(...uses.map(({ state }) => fromBest.indexOf(state)))
  const ageMs = Math.max(...uses.map((use) => use.ageMs))
  return { state: fromBest[worst] ?? 'miss', ageMs }
}

/** The value of `X-Warren-Cache`. */
export const printCacheUse = ({ state, ageMs }: CacheUse): string =>
  `${state}; age=${Math.floor(ageMs / 1000)}`
