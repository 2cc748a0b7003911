import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import type { Stream } from '@warren/contracts/topology'
import { Counter, Gauge, type Registry } from 'prom-client'

/** Counts of one stream. */
export interface StreamTelemetry {
  message(): void
  batch(items: number): void
  parked(code: DeadLetterCode): void
  retry(code: string): void
  rounded(integers: number): void
  inFlight(bytes: number): void
}

/** Services are restarted within one process, so a metric may be there already. */
function counter(
  registry: Registry,
  { name, help }: { readonly name: string; readonly help: string },
  labelNames: string[],
) {
  const found = registry.getSingleMetric(name)
  if (found instanceof Counter) return found
  return new Counter({ name, help, labelNames, registers: [registry] })
}

function gauge(registry: Registry, name: string, help: string) {
  const found = registry.getSingleMetric(name)
  if (found instanceof Gauge) return found
  return new Gauge({ name, help, labelNames: ['stream'], registers: [registry] })
}

export function createTelemetry(registry: Registry) {
  const one = (name: string, help: string, ...labels: string[]) =>
    counter(registry, { name: `warren_poller_${name}`, help }, ['stream', ...labels])
  const messages = one('messages_total', 'Messages taken from storage queues')
  const items = one('items_stored_total', 'Points or records stored')
  const batches = one('batches_total', 'Batches written')
  const parked = one('items_parked_total', 'Items moved to dead letters', 'code')
  const retries = one('write_retries_total', 'Writes tried again', 'code')
  const rounded = one('integers_rounded_total', 'Integers above 2^53 stored as floats')
  const inFlight = gauge(registry, 'warren_poller_in_flight_bytes', 'Bytes without an outcome yet')
  return (stream: Stream): StreamTelemetry => ({
    message: () => messages.inc({ stream }),
    batch: (count) => {
      batches.inc({ stream })
      items.inc({ stream }, count)
    },
    parked: (code) => parked.inc({ stream, code }),
    retry: (code) => retries.inc({ stream, code }),
    rounded: (integers) => rounded.inc({ stream }, integers),
    inFlight: (bytes) => inFlight.set({ stream }, bytes),
  })
}
