import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Scheduler } from './scheduler.ts'

export type StoreName = 'metrics' | 'logs'

/** Tells of turns at the stores. */
export interface ScheduleMetrics {
  waited(store: StoreName, ms: number): void
  /** Nobody took the turn: the queue was full, the client left, or its deadline came. */
  refused(store: StoreName, reason: 'queue_full' | 'deadline' | 'client_left'): void
  dropped(store: StoreName): void
}

const labelNames = ['store'] as const

export function measureSchedule(
  schedulers: Readonly<Record<StoreName, Scheduler>>,
  registry: Registry,
): ScheduleMetrics {
  const registers = [registry]
  const gauge = (name: string, help: string, read: (scheduler: Scheduler) => number): Gauge =>
    new Gauge({
      ...{ name, help, registers, labelNames },
      collect() {
        for (const [store, scheduler] of Object.entries(schedulers))
          this.set({ store }, read(scheduler))
      },
    })
  gauge('warren_api_queries_running', 'Queries at the store', (each) => each.running)
  gauge('warren_api_queries_waiting', 'Queries that wait for a turn', (each) => each.waiting)
  gauge('warren_api_store_limit', 'Queries that the store is asked at once', (each) => each.limit)
  gauge(
    'warren_api_store_limit_found',
    'Queries that the store was found to be worth being asked at once',
    (each) => each.found,
  )
  const waited = new Histogram({
    ...{ name: 'warren_api_query_wait_seconds', help: 'Waiting for a turn at the store' },
    ...{ labelNames, registers, buckets: [0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 20] },
  })
  const refused = new Counter({
    name: 'warren_api_query_turns_refused_total',
    help: 'Queries that got no turn at the store, by reason',
    ...{ labelNames: ['store', 'reason'], registers },
  })
  const dropped = new Counter({
    name: 'warren_api_store_drops_total',
    help: 'Queries that the store failed, did not answer in time or was too busy for',
    ...{ labelNames, registers },
  })
  return {
    waited: (store, ms) => waited.observe({ store }, ms / 1000),
    refused: (store, reason) => refused.inc({ store, reason }),
    dropped: (store) => dropped.inc({ store }),
  }
}
