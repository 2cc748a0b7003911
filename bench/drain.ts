import { setTimeout as sleep } from 'node:timers/promises'
import type { Stream } from '@warren/contracts/topology'
import { cpuSeconds } from './process-cost.ts'

const stalledMs = 30_000

/** A process, and what has been stored through it. */
export interface Drained {
  readonly pid: number
  stored(stream: Stream): Promise<number>
}

export interface Drain {
  readonly seconds: number
  readonly cpu: number
  /** Before the first item was stored; not in `seconds`. */
  readonly untilFirstSeconds: number
}

/** From the first stored item to the last: start-up is not throughput. */
export async function drain(through: Drained, stream: Stream, items: number): Promise<Drain> {
  const startedAt = performance.now()
  let first: { at: number; cpu: number; stored: number } | undefined
  let last = { stored: 0, at: Date.now() }
  while (Date.now() - last.at < stalledMs) {
    await sleep(20)
    const stored = await through.stored(stream)
    if (stored > last.stored) last = { stored, at: Date.now() }
    if (stored === 0) continue
    first ??= { at: performance.now(), cpu: cpuSeconds(through.pid), stored }
    if (stored < items) continue
    const share = items / (items - first.stored)
    return {
      seconds: ((performance.now() - first.at) / 1000) * share,
      cpu: (cpuSeconds(through.pid) - first.cpu) * share,
      untilFirstSeconds: (first.at - startedAt) / 1000,
    }
  }
  throw new Error(
    `not drained: ${last.stored} of ${items} ${stream} after ${stalledMs} ms of standstill`,
  )
}
