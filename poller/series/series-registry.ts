import type { Health } from '@warren/contracts/http/status'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import type { SeenSeries } from '@warren/stores/catalog/catalog'
import type { Chunk, Normalised } from '../chunk.ts'
import type { Rules } from '../rules/schema.ts'
import { limitSeries } from './limit-series.ts'
import { recall, remember } from './remember.ts'
import type { TenantSeries } from './tenant-series.ts'

/** The series of every tenant that this poller has heard of. */
export interface SeriesRegistry {
  /** Refuses points whose series are new and too many. Waits until the tenant's series of former days are known; rejects as the catalog does. */
  limit(tenant: string, normalised: Normalised<Chunk>): Promise<Normalised<Chunk>>
  /** `poller/series`: yellow while a tenant is at its limit. */
  health(): Health
  close(): Promise<void>
}

export interface SeriesRegistryOptions {
  readonly seen: SeenSeries
  readonly rules: () => Rules
  readonly onSize: (tenant: string, series: number) => void
  readonly now?: () => number
  readonly keepMs?: number
}

const dayMs = 86_400_000
const defaultKeepMs = 2000
/** How long after its last refusal a tenant counts as being at its limit. */
const recentMs = 600_000
const limitOf = ({ series }: Rules, tenant: string): number =>
  series.tenants[tenant] ?? series.limit

export function createSeriesRegistry(options: SeriesRegistryOptions): SeriesRegistry {
  const { seen, rules, onSize, now = Date.now, keepMs = defaultKeepMs } = options
  const today = () => Math.floor(now() / dayMs)
  const tenants = new Map<string, TenantSeries>()
  const loading = new Map<string, Promise<TenantSeries>>()
  const health = createHealthCell('poller/series')
  health.set('green')
  const firstDay = () => today() - rules().series.forgetAfterDays

  const load = async (tenant: string) => {
    const series = await recall(seen, { tenant, fromDay: firstDay(), now })
    tenants.set(tenant, series)
    return series
  }
  const loaded = (tenant: string) => {
    const asked = loading.get(tenant) ?? load(tenant).finally(() => loading.delete(tenant))
    loading.set(tenant, asked)
    return asked
  }
  let cleaned = today()
  const forgetOld = async () => {
    if (cleaned === today()) return
    for (const series of tenants.values()) series.forget(firstDay())
    await seen.forget(firstDay())
    cleaned = today()
  }
  const keepAll = async () => {
    try {
      for (const [tenant, series] of tenants) {
        await remember(seen, { tenant, series }, today())
        onSize(tenant, series.size)
      }
      await forgetOld()
      const full = [...tenants].filter(([, { lastRefusedMs }]) => now() - lastRefusedMs < recentMs)
      if (full.length === 0) health.set('green')
      else health.set('yellow', full.map(([name, { reason }]) => `${name}: ${reason}`).join('; '))
    } catch (error) {
      health.set('yellow', `series cannot be remembered: ${reasonOf(error)}`)
    }
  }
  let last = Promise.resolve()
  const timer = setInterval(() => {
    last = last.then(keepAll)
  }, keepMs)
  return {
    async limit(tenant, normalised) {
      const series = tenants.get(tenant) ?? (await loaded(tenant))
      series.set({ limit: limitOf(rules(), tenant), day: today() })
      return limitSeries(normalised, series)
    },
    health: health.read,
    async close() {
      clearInterval(timer)
      await last.then(keepAll)
    },
  }
}
