/** What the pollers say they did: items stored of each stream, and items parked of both; and the items they hold now. */
export type Counters = Readonly<Record<'metrics' | 'logs' | 'parked' | 'inFlight', number>>

export const counterNames = ['metrics', 'logs', 'parked'] as const

/** Of a text in Prometheus's format: the sum of the lines of a metric that have this label. https://prometheus.io/docs/instrumenting/exposition_formats/ */
function sumOf(text: string, metric: string, label = ''): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

/** The counters at one admin port; rejects while it is away. */
export async function readCounters(adminPort: number): Promise<Counters> {
  const answer = await fetch(`http://127.0.0.1:${adminPort}/metrics`)
  if (!answer.ok) throw new Error(`/metrics answered ${answer.status}`)
  const text = await answer.text()
  const stored = 'warren_poller_items_stored_total'
  return {
    metrics: sumOf(text, stored, 'stream="metrics"'),
    logs: sumOf(text, stored, 'stream="logs"'),
    parked: sumOf(text, 'warren_poller_items_parked_total'),
    inFlight: sumOf(text, 'warren_poller_in_flight_items'),
  }
}

/** One counter after the other of the two. */
export const combine = (
  first: Counters,
  second: Counters,
  how: (one: number, other: number) => number,
): Counters => ({
  metrics: how(first.metrics, second.metrics),
  logs: how(first.logs, second.logs),
  parked: how(first.parked, second.parked),
  inFlight: how(first.inFlight, second.inFlight),
})
