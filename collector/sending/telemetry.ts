import { Counter, Gauge, type Registry } from 'prom-client'

/** What became of a message; `dropped` is one on disk that the broker will never take. */
export type Outcome = 'published' | 'spooled' | 'refused' | 'dropped'

/** Services are restarted within one process, so a metric may be there already. */
const messagesName = 'warren_collector_outbox_messages_total'
const bytesName = 'warren_collector_outbox_spool_bytes'

/** The labels are lists of this program: inputs, streams, outcomes. */
export function createOutboxTelemetry(registry: Registry) {
  const known = registry.getSingleMetric(messagesName)
  const messages =
    known instanceof Counter
      ? known
      : new Counter({
          name: messagesName,
          help: 'Messages handed to the outbox, and those on disk that were dropped',
          labelNames: ['input', 'outcome'],
          registers: [registry],
        })
  return {
    message: (input: string, outcome: Outcome) => messages.inc({ input, outcome }),
    /** Read at each scrape. */
    bytes: (read: () => ReadonlyMap<string, number>) => {
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
