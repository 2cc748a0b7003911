import { setTimeout as sleep } from 'node:timers/promises'
import type { WarrenProcess } from './warren-process.ts'
import type { BenchMessage } from './workload.ts'

/** Between two questions: what it adds to a latency. */
const askMs = 20
const lostMs = 30_000

/** When each probe was published and when a query first showed it, ms. */
export interface Probes {
  readonly published: Map<number, number>
  readonly seen: Map<number, number>
}

/** A message that also carries a probe: a point with a number. */
export function withProbe(message: BenchMessage, number: number): BenchMessage {
  const probe = `probe n=${number} ${Date.now()}${String(number % 1_000_000).padStart(6, '0')}\n`
  return { ...message, body: Buffer.concat([message.body, Buffer.from(probe)]) }
}

/** Asks again and again for the newest probes, until `done` and every one was seen. */
export async function watchProbes(
  warren: WarrenProcess,
  { published, seen }: Probes,
  done: Promise<unknown>,
): Promise<void> {
  let isDone = false
  const end = () => {
    isDone = true
  }
  done.then(end, end)
  for (let lastMs = Date.now(); !isDone || seen.size < published.size; ) {
    const fromMs = Date.now() - lostMs
    const rows = await warren.query(`SELECT "n" FROM "probe" WHERE time > ${fromMs}ms`)
    const nowMs = Date.now()
    for (const [, number] of rows)
      if (!seen.has(Number(number))) {
        seen.set(Number(number), nowMs)
        lastMs = nowMs
      }
    if (nowMs - lastMs > lostMs) throw new Error(`${published.size - seen.size} probes never came`)
    await sleep(askMs)
  }
}

/** From publish to query, ms, ascending, of the probes published since then. */
export const latenciesOf = ({ published, seen }: Probes, sinceMs: number): readonly number[] =>
  [...published]
    .filter(([, atMs]) => atMs >= sinceMs)
    .map(([number, atMs]) => (seen.get(number) ?? Number.POSITIVE_INFINITY) - atMs)
    .sort((a, b) => a - b)

export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
