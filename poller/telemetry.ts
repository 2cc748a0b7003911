import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import type { Stream } from '@warren/contracts/topology'
import { counter, gauge } from '@warren/platform/metrics'
import type { Registry } from 'prom-client'
import type { MoveReason } from './fairness/shares.ts'
import type { CircuitState } from './store-gate.ts'

/** Counts of one stream. */
export interface StreamTelemetry {
  message(): void
  batch(items: number): void
  parked(code: DeadLetterCode): void
  retry(code: string): void
  rounded(integers: number): void
  dropped(items: number): void
  inFlightBytes(bytes: number): void
  inFlightItems(items: number): void
  circuit(state: CircuitState): void
  moved(reason: MoveReason): void
  /** Messages in a tenant's own queue. */
  overflow(tenant: string, messages: number): void
  trusted(now: Trust): void
}

/** What the store is trusted with at the moment. */
export interface Trust {
  readonly slots: number
  readonly batchItems: number
}

/** A label has no more values than this. */
const maxShownTenants = 100

export function createTelemetry(registry: Registry) {
  const one = (name: string, help: string, ...labels: string[]) =>
    counter(registry, { name: `warren_poller_${name}`, help, labels: ['stream', ...labels] })
  const now = (name: string, help: string, ...labels: string[]) =>
    gauge(registry, { name: `warren_poller_${name}`, help, labels: ['stream', ...labels] })
  const messages = one('messages_total', 'Messages taken from storage queues')
  const items = one('items_stored_total', 'Points or records stored')
  const batches = one('batches_total', 'Batches written')
  const parked = one('items_parked_total', 'Items moved to dead letters', 'code')
  const retries = one('write_retries_total', 'Writes tried again', 'code')
  const rounded = one('integers_rounded_total', 'Integers above 2^53 stored as floats')
  const dropped = one('items_dropped_total', 'Points or records that the rules leave out')
  const opened = one('store_circuit_opened_total', 'Times that writes were paused')
  const moved = one('messages_moved_total', "Messages moved to their tenant's own queue", 'reason')
  const overflow = now('overflow_messages', "Messages in tenants' own queues", 'tenant')
  const shown = new Set<string>()
  const inFlightBytes = now('in_flight_bytes', 'Bytes without an outcome yet')
  const inFlightItems = now('in_flight_items', 'Items without an outcome yet')
  const open = now('store_circuit_open', '1 while writes to the store are paused')
  const slots = now('store_writes_limit', 'Writes at once that the store is sent now')
  const batchItems = now('batch_items_limit', 'Items a write that the store is sent now')
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
    inFlightBytes: (bytes) => inFlightBytes.set({ stream }, bytes),
    inFlightItems: (count) => inFlightItems.set({ stream }, count),
    moved: (reason) => moved.inc({ stream, reason }),
    overflow: (tenant, count) => {
      if (shown.size < maxShownTenants) shown.add(tenant)
      if (shown.has(tenant)) overflow.set({ stream, tenant }, count)
    },
    circuit: (state) => {
      open.set({ stream }, state === 'closed' ? 0 : 1)
      if (state === 'open') opened.inc({ stream })
    },
    trusted: (trust) => {
      slots.set({ stream }, trust.slots)
      batchItems.set({ stream }, trust.batchItems)
    },
  })
}

/** Shows how many series each tenant has. */
export function createSeriesTelemetry(registry: Registry) {
  const series = gauge(registry, {
    name: 'warren_poller_series',
    help: 'Series of a tenant that this poller knows of',
    labels: ['tenant'],
  })
  return (tenant: string, count: number): void => series.set({ tenant }, count)
}

/** Counts how often the rules were read again. */
export function createRulesTelemetry(registry: Registry) {
  const reloads = counter(registry, {
    name: 'warren_poller_rules_reloads_total',
    help: 'Changes of the rules file',
    labels: ['outcome'],
  })
  return (outcome: 'taken' | 'refused'): void => reloads.inc({ outcome })
}
