import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import { counter, gauge } from '@warren/platform/metrics'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import type { Registry } from 'prom-client'
import { restOfBehindMs, runRounds } from './run-rounds.ts'

export interface RollupOptions {
  readonly rollUp: NonNullable<MetricStore['rollUp']>
  readonly log: Log
  readonly registry: Registry
  readonly now?: () => number
}

/** Between rounds, when nothing waits. */
const everyMs = 30_000

/** Makes rollups as time goes by: windows that are over, those that late points came for, and the days from before. */
export function keepRollups(options: RollupOptions) {
  const health = createHealthCell('poller/rollups')
  health.set('green')
  const rounds = runRounds(everyMs, async () => {
    const startMs = performance.now()
    const { failure, isBehind } = await rollUpOnce(options)
    if (failure === undefined) health.set('green')
    else health.set('yellow', failure)
    const tookMs = performance.now() - startMs
    return isBehind && failure === undefined ? restOfBehindMs(tookMs) : everyMs
  })
  return { health: () => health.read(), close: rounds.close }
}

/** One round, counted. What failed is answered, not thrown: it stays to be made. */
export async function rollUpOnce({
  rollUp,
  log,
  registry,
  now = Date.now,
}: RollupOptions): Promise<{ readonly failure?: string; readonly isBehind: boolean }> {
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
