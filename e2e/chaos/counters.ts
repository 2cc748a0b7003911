import type { Stream } from '@warren/contracts/topology'

/** The counter of stored items at one admin port; nothing counts while it is away. */
export async function readStored(adminPort: number, stream: Stream): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${adminPort}/metrics`)
  const text = await answer.text()
  const counter = `warren_poller_items_stored_total{stream="${stream}"}`
  const line = text.split('\n').find((candidate) => candidate.startsWith(counter))
  return Number(line?.slice(counter.length) ?? 0)
}
