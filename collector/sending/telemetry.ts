import { counter } from '@warren/platform/metrics'
import { Gauge, type Registry } from 'prom-client'

/** What became of a message; `dropped` is one on disk that the broker will never take, `set_aside` one that has opened a siding for its tenant. */
export type Outcome = 'published' | 'spooled' | 'refused' | 'dropped' | 'set_aside'

type Bytes = Readonly<Record<'all' | 'aside', number>>

const gauges = {
  all: {
    name: 'warren_collector_outbox_spool_bytes',
    help: 'Bytes of messages on disk that the broker has not confirmed',
  },
  aside: {
    name: 'warren_collector_outbox_aside_bytes',
    help: 'Those of them that are of tenants whose messages the broker does not take',
  },
} as const satisfies Record<keyof Bytes, object>

/** The labels are lists of this program: inputs, streams, outcomes. */
export function createOutboxTelemetry(registry: Registry) {
  const messages = counter(registry, {
    name: 'warren_collector_outbox_messages_total',
    help: 'Messages handed to the outbox, and those on disk that were dropped or set aside',
    labels: ['input', 'outcome'],
  })
  return {
    message: (input: string, outcome: Outcome) => messages.inc({ input, outcome }),
    /** Read at each scrape. */
    bytes: (read: () => ReadonlyMap<string, Bytes>) => {
      for (const kind of ['all', 'aside'] as const) {
        // One of an earlier start would read what is closed.
        registry.removeSingleMetric(gauges[kind].name)
        new Gauge({
          ...gauges[kind],
          labelNames: ['stream'],
          registers: [registry],
          collect() {
            for (const [stream, bytes] of read()) this.set({ stream }, bytes[kind])
          },
        })
      }
    },
  }
}
