import { Counter, Gauge, type Registry } from 'prom-client'
import type { LossReason } from '../listeners/listener.ts'

/** Counts of one listener. */
export interface ListenerTelemetry {
  messages(count: number): void
  sent(lines: number): void
  lost(reason: LossReason, count: number): void
  connections(open: number): void
}

/** Services are restarted within one process, so a metric may be there already. */
function counter(registry: Registry, part: string, more: { help: string; labels: string[] }) {
  const name = `warren_collector_listener_${part}`
  const found = registry.getSingleMetric(name)
  if (found instanceof Counter) return found
  const { help, labels } = more
  return new Counter({ name, help, labelNames: ['listener', ...labels], registers: [registry] })
}

function gauge(registry: Registry, part: string, help: string) {
  const name = `warren_collector_listener_${part}`
  const found = registry.getSingleMetric(name)
  if (found instanceof Gauge) return found
  return new Gauge({ name, help, labelNames: ['listener'], registers: [registry] })
}

/** The label `listener` is of the configuration, the reasons are a list: both are bounded. */
export function createListenerTelemetry(registry: Registry) {
  const messages = counter(registry, 'messages_total', {
    ...{ help: 'Datagrams and messages of streams that were read', labels: [] },
  })
  const sent = counter(registry, 'items_sent_total', {
    ...{ help: 'Points or records handed to the broker for good', labels: [] },
  })
  const lost = counter(registry, 'lost_total', {
    help: 'What was sent and left out: datagrams, messages, lines or connections',
    labels: ['reason'],
  })
  const connections = gauge(registry, 'connections', 'Open connections')
  return (listener: string): ListenerTelemetry => ({
    messages: (count) => messages.inc({ listener }, count),
    sent: (lines) => sent.inc({ listener }, lines),
    lost: (reason, count) => lost.inc({ listener, reason }, count),
    connections: (open) => connections.set({ listener }, open),
  })
}
