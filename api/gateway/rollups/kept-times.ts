import { type RollupName, rollupNames } from '@warren/influxql/policy'
import type { Catalog, RetentionPolicy } from '@warren/stores/catalog/catalog'
import { defaultRetention } from '@warren/stores/catalog/retention'
import { rollupDaysOf, rollupPolicies } from '@warren/stores/rollup-policies'

/** From when on all of a tenant's points and rollups are there, nanoseconds since the epoch. Some of what is older may be. */
export interface KeptTimes {
  readonly pointsNs: bigint
  readonly rollupsNs: Readonly<Record<RollupName, bigint>>
}

export interface KeptTimesSource {
  /** Some seconds old at most while the catalog answers; as they were last known, or the default's, while it does not. */
  of(tenant: string, nowNs: bigint): Promise<KeptTimes>
}

const freshMs = 2000
const dayNs = 86_400_000_000_000n

/** Every store gives up whole UTC days of points at least, where it keeps them for longer than two. */
function sinceNs(days: number, nowNs: bigint): bigint {
  const stepNs = days > 2 ? dayNs : dayNs / 24n
  const ns = nowNs - BigInt(days) * dayNs
  return ns - (ns % stepNs)
}

export function keptTimesOf(policy: RetentionPolicy, nowNs: bigint): KeptTimes {
  const rollupDays = { '5m': policy.metrics5mDays, '1h': policy.metrics1hDays }
  const kept = { days: policy.metricsDays, rollupDays }
  const sinceOf = (name: RollupName): bigint => {
    const rollup = rollupPolicies.find((each) => each.name === name)
    if (rollup === undefined) throw new Error(`BUG: there is no rollup ${name}`)
    return sinceNs(rollupDaysOf(rollup, kept), nowNs)
  }
  const [fine, coarse] = rollupNames
  return {
    pointsNs: sinceNs(policy.metricsDays, nowNs),
    rollupsNs: { [fine]: sinceOf(fine), [coarse]: sinceOf(coarse) },
  }
}

interface Known {
  readonly policy: RetentionPolicy
  readonly readMs: number
}

/** What each tenant keeps. Who has asked before does not wait for the catalog. */
export function watchKeptTimes({ retention }: Pick<Catalog, 'retention'>): KeptTimesSource {
  const known = new Map<string, Known>()
  const reading = new Map<string, Promise<RetentionPolicy>>()

  async function read(tenant: string): Promise<RetentionPolicy> {
    try {
      const policy = await retention.of(tenant)
      known.set(tenant, { policy, readMs: performance.now() })
      return policy
    } catch {
      // Told by the status of the api; what was known holds on, and is asked for again a while later.
      const policy = known.get(tenant)?.policy ?? defaultRetention
      known.set(tenant, { policy, readMs: performance.now() })
      return policy
    } finally {
      reading.delete(tenant)
    }
  }

  function refresh(tenant: string): Promise<RetentionPolicy> {
    const running = reading.get(tenant) ?? read(tenant)
    reading.set(tenant, running)
    return running
  }

  return {
    of: async (tenant, nowNs) => {
      const own = known.get(tenant)
      if (own === undefined) return keptTimesOf(await refresh(tenant), nowNs)
      if (performance.now() - own.readMs > freshMs) void refresh(tenant)
      return keptTimesOf(own.policy, nowNs)
    },
  }
}
