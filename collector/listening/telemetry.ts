import { counter, gauge } from '@warren/platform/metrics'
import type { Registry } from 'prom-client'
import type { LossReason } from '../listeners/listener.ts'

/** Counts of one listener. */
export interface ListenerTelemetry {
  messages(count: number): void
  sent(lines: number): void
  lost(reason: LossReason, count: number): void
  connections(open: number): void
}

/** The label `listener` is of the configuration, the reasons are a list: both are bounded. */
export function createListenerTelemetry(registry: Registry) {
  const specOf = (part: string, help: string, ...labels: string[]) => ({
    ...{ name: `warren_collector_listener_${part}`, help },
    labels: ['listener', ...labels],
  })
  const count = (part: string, help: string, ...labels: string[]) =>
    counter(registry, specOf(part, help, ...labels))
  const messages = count('messages_total', 'Datagrams and messages of streams that were read')
  const sent = count('items_sent_total', 'Points or records handed to the broker for good')
  const lost = count(
    'lost_total',
    'What was sent and left out: datagrams, messages, lines or connections',
    'reason',
  )
  const connections = gauge(registry, specOf('connections', 'Open connections'))
  return (listener: string): ListenerTelemetry => ({
    messages: (read) => messages.inc({ listener }, read),
    sent: (lines) => sent.inc({ listener }, lines),
    lost: (reason, items) => lost.inc({ listener, reason }, items),
    connections: (open) => connections.set({ listener }, open),
  })
}
