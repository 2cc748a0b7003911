import type { EventEmitter } from 'node:events'

export interface StopSignals {
  /** Aborts at the first SIGINT or SIGTERM, or when a parent that holds an IPC channel to us is gone. */
  readonly stopping: AbortSignal
  /** Resolves at the second one. */
  readonly again: Promise<void>
}

/** A terminal's Ctrl-C reaches the whole process group and is passed on by npm too: signals this close together are one. */
const oneMs = 500

/** Waits for stops of this process. `source` is `process` itself but in tests. */
export function listenToStops(
  source: EventEmitter,
  now: () => number = () => performance.now(),
): StopSignals {
  const stopping = new AbortController()
  const again = Promise.withResolvers<void>()
  let firstMs: number | undefined
  const stop = () => {
    if (firstMs === undefined) {
      firstMs = now()
      stopping.abort()
    } else if (now() - firstMs > oneMs) again.resolve()
  }
  source.on('SIGINT', stop).on('SIGTERM', stop).on('disconnect', stop)
  return { stopping: stopping.signal, again: again.promise }
}
