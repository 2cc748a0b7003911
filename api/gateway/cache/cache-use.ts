/** How an answer came about: kept, kept in part, asked of the store, or asked past the cache because the asker wants it fresh. */
export type CacheState = 'hit' | 'partial' | 'miss' | 'bypass'

export interface CacheUse {
  readonly state: CacheState
  /** Since the store was asked for its oldest part, ms. */
  readonly ageMs: number
}

/** The value of `X-Warren-Cache`. */
export const printCacheUse = ({ state, ageMs }: CacheUse): string =>
  `${state}; age=${Math.floor(ageMs / 1000)}`
