import { createRate, type Debt, type RateLimits } from '@warren/platform/rate'
import type { LimitsSettings } from './settings.ts'

/** What came of what was above a limit: a request was refused, a connection was not read for a while, a datagram was dropped. */
export type Effect = 'refused' | 'waited' | 'dropped'

export interface Excess extends Debt {
  /** What the limit allows, a second. */
  readonly perSecond: number
}

/** The limit of one tenant, over all that it sends to this collector. */
export interface TenantLimit {
  /** Counts what was taken; negative amounts are given back. */
  spend(items: number, bytes: number): void
  /** Why nothing more may be taken of the tenant now; undefined when something may. Says it to the counter. */
  excess(effect: Effect): Excess | undefined
}

export interface IngestLimits {
  /** Undefined for a tenant without limits: what it sends need not be counted. */
  of(tenant: string): TenantLimit | undefined
}

export interface IngestLimitsOptions {
  readonly settings: LimitsSettings
  readonly count: (tenant: string, limit: Debt['of'], effect: Effect) => void
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** Above it the one that was made first is forgotten, and its debt. */
const maxTenants = 10_000

export function createIngestLimits(options: IngestLimitsOptions): IngestLimits {
  const { settings, count, now = () => performance.now() } = options
  const { burstSeconds, tenants } = settings
  const made = new Map<string, TenantLimit>()

  const limitsOf = (tenant: string): RateLimits =>
    (Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined) ?? settings

  const make = (tenant: string, limits: RateLimits): TenantLimit => {
    const rate = createRate({ limits: () => limits, now, burstSeconds })
    return {
      spend: rate.spend,
      excess: (effect) => {
        const debt = rate.debt()
        if (debt === undefined) return undefined
        count(tenant, debt.of, effect)
        return { ...debt, perSecond: limits[`${debt.of}PerSecond`] ?? 0 }
      },
    }
  }
  return {
    of: (tenant) => {
      const found = made.get(tenant)
      if (found !== undefined) return found
      const limits = limitsOf(tenant)
      if (limits.itemsPerSecond === undefined && limits.bytesPerSecond === undefined)
        return undefined
      const [first] = made.keys()
      if (made.size >= maxTenants && first !== undefined) made.delete(first)
      const limit = make(tenant, limits)
      made.set(tenant, limit)
      return limit
    },
  }
}
