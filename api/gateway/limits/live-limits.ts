import type { NewLimits } from '@warren/contracts/http/limits'
import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { defaultLimitsOwner } from '@warren/stores/catalog/query-limits'
import { createBlockList, type IsBlocked } from './block-list.ts'
import { type EffectiveLimits, mergeLimits } from './effective-limits.ts'

const everyMs = 2000
const warnEveryMs = 60_000

export interface TenantLimits extends EffectiveLimits {
  readonly isBlocked: IsBlocked
}

export interface LiveLimits {
  of(tenant: string): TenantLimits
  /** Reads what has changed; what was known holds while the catalog is away. */
  refresh(): Promise<void>
  stop(): void
}

interface LiveLimitOptions {
  readonly catalog: Pick<Catalog, 'queryLimits'>
  readonly log: Log
}

/** The limits of every tenant, at most some seconds old on every instance. */
export function watchLimits({ catalog, log }: LiveLimitOptions): LiveLimits {
  const set = new Map<string, NewLimits>()
  const merged = new Map<string, TenantLimits>()
  let seq = '0'
  let warnedMs = Number.NEGATIVE_INFINITY

  async function read(): Promise<void> {
    for (;;) {
      const changes = await catalog.queryLimits.changedSince(seq)
      for (const { tenant, limits, seq: its } of changes) {
        if (limits === undefined) set.delete(tenant)
        else set.set(tenant, limits)
        seq = its
      }
      if (changes.length === 0) return
      merged.clear()
    }
  }

  let reading: Promise<void> | undefined
  const refresh = async (): Promise<void> => {
    await reading
    reading = read().finally(() => {
      reading = undefined
    })
    await reading
  }
  const refreshOrWarn = (): void =>
    void refresh().catch((error: unknown) => {
      if (Date.now() - warnedMs < warnEveryMs) return
      warnedMs = Date.now()
      log.warn('cannot read the limits of queries', { error: reasonOf(error) })
    })
  refreshOrWarn()
  const timer = setInterval(refreshOrWarn, everyMs)
  timer.unref()

  return {
    of: (tenant) => {
      const known = merged.get(tenant)
      if (known !== undefined) return known
      const own = set.get(tenant)
      const limits = mergeLimits(set.get(defaultLimitsOwner) ?? {}, own ?? {})
      const live = { ...limits, isBlocked: createBlockList(limits.blocked) }
      merged.set(tenant, live)
      return live
    },
    refresh,
    stop: () => clearInterval(timer),
  }
}
