import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import type { Stream } from '@warren/contracts/topology'
import { Gauge, type Registry } from 'prom-client'
import { counter } from './counter.ts'
import type { CircuitState } from './store-gate.ts'

/** Counts of one stream. */
export interface StreamTelemetry {
  message(): void
  batch(items: number): void
  parked(code: DeadLetterCode): void
  retry(code: string): void
  rounded(integers: number): void
  dropped(items: number): void
  inFlight(bytes: number, items: number): void
  circuit(state: CircuitState): void
  trusted(now: Trust): void
}

/** What the store is trusted with at the moment. */
export interface Trust {
  readonly slots: number
  readonly batchItems: number
}

function gauge(registry: Registry, part: string, help: string) {
  const name = `warren_poller_${part}`
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
  const dropped = one('items_dropped_total', 'Points or records that the rules leave out')
  const opened = one('store_circuit_opened_total', 'Times that writes were paused')
  const inFlightBytes = gauge(registry, 'in_flight_bytes', 'Bytes without an outcome yet')
  const inFlightItems = gauge(registry, 'in_flight_items', 'Items without an outcome yet')
  const open = gauge(registry, 'store_circuit_open', '1 while writes to the store are paused')
  const slots = gauge(registry, 'store_writes_limit', 'Writes at once that the store is sent now')
  const batchItems = gauge(
    registry,
    'batch_items_limit',
    'Items a write that the store is sent now',
  )
  return (stream: Stream): StreamTelemetry => ({
    message: () => messages.inc({ stream }),
    batch: (count) => {
      batches.inc({ stream })
      items.inc({ stream }, count)
    },
    parked: (code) => parked.inc({ stream, code }),
    retry: (code) => retries.inc({ stream, code }),
    rounded: (integers) => rounded.inc({ stream }, integers),
    dropped: (count) => dropped.inc({ stream }, count),
    inFlight: (bytes, count) => {
      inFlightBytes.set({ stream }, bytes)
      inFlightItems.set({ stream }, count)
    },
    circuit: (state) => {
      open.set({ stream }, state === 'closed' ? 0 : 1)
      if (state === 'open') opened.inc({ stream })
    },
    trusted: (now) => {
      slots.set({ stream }, now.slots)
      batchItems.set({ stream }, now.batchItems)
    },
  })
}

/** Counts how often the rules were read again. */
export function createRulesTelemetry(registry: Registry) {
  const reloads = counter(
    registry,
    { name: 'warren_poller_rules_reloads_total', help: 'Changes of the rules file' },
    ['outcome'],
  )
  return (outcome: 'taken' | 'refused'): void => reloads.inc({ outcome })
}
