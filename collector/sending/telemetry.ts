import { counter } from '@warren/platform/metrics'
import { Gauge, type Registry } from 'prom-client'

/** What became of a message; `dropped` is one on disk that the broker will never take. */
export type Outcome = 'published' | 'spooled' | 'refused' | 'dropped'

const bytesName = 'warren_collector_outbox_spool_bytes'

/** The labels are lists of this program: inputs, streams, outcomes. */
export function createOutboxTelemetry(registry: Registry) {
  const messages = counter(registry, {
    name: 'warren_collector_outbox_messages_total',
    help: 'Messages handed to the outbox, and those on disk that were dropped',
    labels: ['input', 'outcome'],
  })
  return {
    message: (input: string, outcome: Outcome) => messages.inc({ input, outcome }),
    /** Read at each scrape. */
    bytes: (read: () => ReadonlyMap<string, number>) => {
      // One of an earlier start would read what is closed.
      registry.removeSingleMetric(bytesName)
      new Gauge({
        name: bytesName,
        help: 'Bytes of messages on disk that the broker has not confirmed',
        labelNames: ['stream'],
        registers: [registry],
        collect() {
          for (const [stream, bytes] of read()) this.set({ stream }, bytes)
        },
      })
    },
  }
}
