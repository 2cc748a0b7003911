import { reasonOf } from '@warren/platform/errors'

/** Compacts in the background, one day after the other, each time it is told that time has gone by. */
export function keepCompacting(
  compact: (nowMs: number, signal: AbortSignal) => Promise<string | undefined>,
) {
  const stopping = new AbortController()
  const { signal } = stopping
  let isRunning = false
  let failure: string | undefined

  const run = async (nowMs: number): Promise<void> => {
    isRunning = true
    try {
      failure = await compact(nowMs, signal)
    } catch (error) {
      failure = reasonOf(error)
    }
    isRunning = false
  }
  return {
    /** Begins with the next day unless one is under way. */
    start: (nowMs: number): void => {
      if (!isRunning && !signal.aborted) void run(nowMs)
    },
    /** Why the last day could not be compacted. */
    failures: (): readonly string[] => (failure === undefined ? [] : [failure]),
    /** What runs ends soon. */
    stop: () => stopping.abort(),
  }
}
