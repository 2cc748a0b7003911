import { type RollupName, rollupNames } from '@warren/influxql/rollup-policy'
import { withDeadline } from '@warren/platform/deadline'
import type { Catalog, RetentionPolicy } from '@warren/stores/catalog/catalog'
import { defaultRetention } from '@warren/stores/catalog/retention'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { rollupDaysOf, rollupPolicies } from '@warren/stores/rollup-policies'

/** What a tenant keeps, and what has left already. */
interface Kept {
  readonly policy: RetentionPolicy
  /** Since when all points are there from which rollups were made, ms since the epoch; undefined: since ever. */
  readonly pointsSinceMs?: number | undefined
}

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
/** A store that takes longer is away: it answers no query either. */
const storeWaitMs = 2000
const msNs = 1_000_000n
const hourNs = 3_600_000_000_000n
const dayNs = 24n * hourNs

/** Every store gives up whole UTC days of points at least, where it keeps them for longer than two. */
function sinceNs(days: number, nowNs: bigint): bigint {
  const stepNs = days > 2 ? dayNs : hourNs
  const ns = nowNs - BigInt(days) * dayNs
  return ns - (ns % stepNs)
}

export function keptTimesOf({ policy, pointsSinceMs }: Kept, nowNs: bigint): KeptTimes {
  const rollupDays = { '5m': policy.metrics5mDays, '1h': policy.metrics1hDays }
  const kept = { days: policy.metricsDays, rollupDays }
  const sinceOf = (name: RollupName): bigint => {
    const rollup = rollupPolicies.find((each) => each.name === name)
    if (rollup === undefined) throw new Error(`BUG: there is no rollup ${name}`)
    return sinceNs(rollupDaysOf(rollup, kept), nowNs)
  }
  const [fine, coarse] = rollupNames
  const byPolicyNs = sinceNs(policy.metricsDays, nowNs)
  // Points leave before their time when a disk is full, and do not come back when they are to be kept for longer.
  const leftNs = pointsSinceMs === undefined ? byPolicyNs : BigInt(pointsSinceMs) * msNs
  return {
    pointsNs: leftNs > byPolicyNs ? leftNs : byPolicyNs,
    rollupsNs: { [fine]: sinceOf(fine), [coarse]: sinceOf(coarse) },
  }
}

interface Known {
  readonly kept: Kept
  readonly readMs: number
  /** As they were in that hour since the epoch: they change by whole hours. */
  lately?: { readonly hour: bigint; readonly times: KeptTimes }
}

function timesOf(known: Known, nowNs: bigint): KeptTimes {
  const hour = nowNs / hourNs
  if (known.lately?.hour !== hour) known.lately = { hour, times: keptTimesOf(known.kept, nowNs) }
  return known.lately.times
}

/** What each tenant keeps. Who has asked before waits for neither catalog nor store. */
export function watchKeptTimes(
  { retention }: Pick<Catalog, 'retention'>,
  metricStore: Pick<MetricStore, 'pointsSince'>,
): KeptTimesSource {
  const known = new Map<string, Known>()
  const reading = new Map<string, Promise<Kept>>()
  const pointsSince = async (tenant: string): Promise<number | undefined> => {
    const asked = metricStore.pointsSince?.(tenant)
    if (asked === undefined) return undefined
    return withDeadline(asked, { ms: storeWaitMs, what: 'asking which points have left' })
  }

  async function read(tenant: string): Promise<Kept> {
    const [policy, since] = await Promise.allSettled([retention.of(tenant), pointsSince(tenant)])
    // What fails is told by the status of the api; what was known holds on, and is asked for again a while later.
    const last = known.get(tenant)?.kept
    const kept = {
      policy: policy.status === 'fulfilled' ? policy.value : (last?.policy ?? defaultRetention),
      pointsSinceMs: since.status === 'fulfilled' ? since.value : last?.pointsSinceMs,
    }
    known.set(tenant, { kept, readMs: performance.now() })
    reading.delete(tenant)
    return kept
  }

  function refresh(tenant: string): Promise<Kept> {
    const running = reading.get(tenant) ?? read(tenant)
    reading.set(tenant, running)
    return running
  }

  return {
    of: async (tenant, nowNs) => {
      const own = known.get(tenant)
      if (own === undefined) return keptTimesOf(await refresh(tenant), nowNs)
      if (performance.now() - own.readMs > freshMs) void refresh(tenant)
      return timesOf(own, nowNs)
    },
  }
}
