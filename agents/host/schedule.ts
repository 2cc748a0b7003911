import { setTimeout as sleep } from 'node:timers/promises'

interface Schedule {
  readonly everyMs: number
  /** A second call this long after the first, when the next tick is further away: shares of time need two readings. */
  readonly soonMs: number
  readonly signal: AbortSignal
}

/** Calls `run` at once and after `soonMs`, then at each multiple of `everyMs` since the epoch with that time, one call at a time: a call that takes longer leaves out the ticks it
 *  covers, and a clock set back by less than an interval repeats none. Resolves when the signal aborts; `run` does not reject. */
export async function runAligned(
  { everyMs, soonMs, signal }: Schedule,
  run: (tickMs: number) => Promise<void>,
): Promise<void> {
  let last = Date.now()
  await run(last)
  let soon = last + soonMs
  while (!signal.aborted) {
    const tickAt = (Math.floor(Date.now() / everyMs) + 1) * everyMs
    const early = soon < tickAt
    const next = early ? soon : tickAt
    soon = Number.POSITIVE_INFINITY
    await sleep(next - Date.now(), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    // Timers may fire a little early.
    const tick = early ? Date.now() : Math.round(Date.now() / everyMs) * everyMs
    if (!early && tick <= last && last - tick < everyMs) continue
    last = tick
    await run(tick)
  }
}
