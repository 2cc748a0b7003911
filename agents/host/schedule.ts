import { setTimeout as sleep } from 'node:timers/promises'

interface Schedule {
  readonly everyMs: number
  readonly signal: AbortSignal
}

/** Calls `run` at once, then at each multiple of `everyMs` since the epoch with that time, one call at a time: a call that takes longer leaves out the ticks it
 *  covers, and a clock set back repeats none. Resolves when the signal aborts; `run` does not reject. */
export async function runAligned(
  { everyMs, signal }: Schedule,
  run: (tickMs: number) => Promise<void>,
): Promise<void> {
  let last = Date.now()
  await run(last)
  while (!signal.aborted) {
    const next = (Math.floor(Date.now() / everyMs) + 1) * everyMs
    await sleep(next - Date.now(), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    // Timers may fire a little early.
    const tick = Math.round(Date.now() / everyMs) * everyMs
    if (tick <= last && last - tick < everyMs) continue
    last = tick
    await run(tick)
  }
}
