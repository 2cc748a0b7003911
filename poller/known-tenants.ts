import type { Tenants } from '@warren/stores/catalog/catalog'

/** How long a tenant stays unknown without asking again. */
const missMs = 5000
/** Unknown names remembered at most: senders choose them. */
const maxMisses = 1000

/** Asks the catalog once a tenant; those known are known even while the catalog is away. Throws as the catalog does. */
export function createKnownTenants(tenants: Pick<Tenants, 'has'>, now: () => number = Date.now) {
  const known = new Set<string>()
  const misses = new Map<string, number>()
  return async (tenant: string): Promise<boolean> => {
    if (known.has(tenant)) return true
    const missedAt = misses.get(tenant)
    if (missedAt !== undefined && now() - missedAt < missMs) return false
    if (await tenants.has(tenant)) {
      known.add(tenant)
      misses.delete(tenant)
      return true
    }
    if (misses.size >= maxMisses) misses.clear()
    misses.set(tenant, now())
    return false
  }
}
