import { reasonOf } from './errors.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { listenToStops } from './stop-signals.ts'

export interface Closeable {
  /** Rejects when the process has no more reason to run. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

/** What every `main.ts` ends with: starts, waits for a signal or a failure, closes, exits; a second signal exits at once.
 *  `start` is given a signal that aborts when the process shall stop before it has started: it then closes what it has opened and rejects. */
export async function runUntilSignal(
  start: (stopping: AbortSignal) => Promise<Closeable>,
): Promise<never> {
  const { stopping, again } = listenToStops(process)
  void again.then(() => process.exit(exitCodes.failure))
  const stopped = new Promise<void>((resolve) => {
    stopping.addEventListener('abort', () => resolve())
  })
  try {
    const running = await start(stopping)
    await Promise.race([stopped, running.ended])
    await running.close()
    process.exit(exitCodes.ok)
  } catch (error) {
    if (stopping.aborted && error === stopping.reason) process.exit(exitCodes.ok)
    process.stderr.write(`warren: ${reasonOf(error)}\n`)
    process.exit(exitCodeOf(error))
  }
}
