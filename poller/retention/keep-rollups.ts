import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import { counter, gauge } from '@warren/platform/metrics'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import type { Registry } from 'prom-client'
import { keepBehind, type RoundEnd } from './keep-behind.ts'

export interface RollupOptions {
  readonly rollUp: NonNullable<MetricStore['rollUp']>
  readonly log: Log
  readonly registry: Registry
  readonly now?: () => number
}

/** Makes rollups as time goes by: windows that are over, those that late points came for, and the days from before. */
export const keepRollups = (options: RollupOptions) =>
  keepBehind('rollups', () => rollUpOnce(options))

/** One round, counted. What failed is answered, not thrown: it stays to be made. */
export async function rollUpOnce({
  rollUp,
  log,
  registry,
  now = Date.now,
}: RollupOptions): Promise<RoundEnd> {
  const made = counter(registry, {
    name: 'warren_poller_rollup_windows_total',
    help: 'Windows of rollups made, or made anew because points came late',
  })
  const failures = counter(registry, {
    name: 'warren_poller_rollup_failures_total',
    help: 'Days whose rollups could not be made in a round',
  })
  const waiting = gauge(registry, {
    name: 'warren_poller_rollup_days_waiting',
    help: 'Days of a tenant that had windows to be made still when the last round ended',
  })
  const lag = gauge(registry, {
    name: 'warren_poller_rollup_lag_seconds',
    help: 'How long the window of rollups has waited that is over and has waited longest, when the last round ended',
  })
  try {
    const round = await rollUp(now())
    const { waitingSinceMs } = round
    lag.set(waitingSinceMs === undefined ? 0 : Math.max(0, now() - waitingSinceMs) / 1000)
    made.inc(round.windows)
    failures.inc(round.failed.length)
    waiting.set(round.waiting)
    const [failure] = round.failed
    if (failure === undefined) return { isBehind: round.waiting > 0 }
    log.warn('rollups', { failed: round.failed })
    return { failure, isBehind: true }
  } catch (error) {
    failures.inc()
    const failure = reasonOf(error)
    log.warn('rollups', { failed: [failure] })
    return { failure, isBehind: true }
  }
}
