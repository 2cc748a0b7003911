import { setTimeout as delay } from 'node:timers/promises'
import { backoffMs } from '@warren/platform/backoff'

/** Repeats the work until it succeeds or the signal aborts. Never rejects. */
export async function keepTrying(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++)
    try {
      return await work()
    } catch {
      const ms = backoffMs(attempt, { firstMs: 500, maxMs: 30_000 })
      await delay(ms, undefined, { signal, ref: false }).catch(() => undefined)
    }
}
