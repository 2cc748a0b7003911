import { dispositionOf, reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import { counter } from '@warren/platform/metrics'
import type { Catalog } from '@warren/stores/catalog/catalog'
import type { LogStore } from '@warren/stores/logs/log-store'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import type { Registry } from 'prom-client'
import { runRounds } from './run-rounds.ts'

export interface RetentionOptions {
  readonly metricStore: Pick<MetricStore, 'retain'>
  readonly logStore: Pick<LogStore, 'retain'>
  readonly catalog: {
    readonly tenants: Pick<Catalog['tenants'], 'list'>
    readonly retention: Pick<Catalog['retention'], 'of'>
  }
  readonly log: Log
  readonly registry: Registry
  readonly now?: () => number
}

/** A start has other work to do first. */
const firstMs = 60_000
const everyMs = 10 * 60_000

/** Gives up what tenants keep no longer, now and then. Doing it twice changes nothing, so every poller does it. */
export function keepRetention(options: RetentionOptions) {
  const health = createHealthCell('poller/retention')
  health.set('green')
  const rounds = runRounds(firstMs, async () => {
    const failure = await retainAll(options)
    if (failure === undefined) health.set('green')
    else health.set(dispositionOf(failure) === 'retry' ? 'yellow' : 'red', reasonOf(failure))
    return everyMs
  })
  return { health: () => health.read(), close: rounds.close }
}

/** One round over every tenant and both stores. One that fails does not keep the others from theirs; the first failure is answered. */
export async function retainAll(options: RetentionOptions): Promise<unknown> {
  const { metricStore, logStore, catalog, log, registry, now = Date.now } = options
  const given = counter(registry, {
    name: 'warren_poller_retention_removed_total',
    help: 'Days, indices or changed policies of retention',
    labels: ['stream'],
  })
  const failures: unknown[] = []
  const note = async (stream: string, tenant: string, retained: Promise<readonly string[]>) => {
    const gone = await retained
    if (gone.length === 0) return
    given.inc({ stream }, gone.length)
    log.info('retention', { stream, tenant, gone })
  }
  try {
    for (const tenant of await catalog.tenants.list()) {
      const { metricsDays, metrics5mDays, metrics1hDays, logsDays } =
        await catalog.retention.of(tenant)
      const kept = { tenant, nowMs: now() }
      const rollupDays = { '5m': metrics5mDays, '1h': metrics1hDays }
      const rounds = await Promise.allSettled([
        note('metrics', tenant, metricStore.retain({ ...kept, days: metricsDays, rollupDays })),
        note('logs', tenant, logStore.retain({ ...kept, days: logsDays })),
      ])
      for (const round of rounds) if (round.status === 'rejected') failures.push(round.reason)
    }
  } catch (error) {
    failures.push(error)
  }
  return failures[0]
}
