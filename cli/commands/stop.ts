import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from '../data-folder/run-file.ts'
import { ExitError } from '../exit-error.ts'
import { requireRun } from './status.ts'

const deadlineMs = 90_000

/** Asks the Warren on a data folder to drain and end, and waits until its process has gone. */
export async function stop(dataDir: string): Promise<void> {
  const run = requireRun(dataDir)
  process.kill(run.pid, 'SIGTERM')
  const until = Date.now() + deadlineMs
  while (isAlive(run)) {
    if (Date.now() > until)
      throw new ExitError(
        'failure',
        `process ${run.pid} is still draining after ${deadlineMs / 1000} s`,
      )
    await sleep(50)
  }
}
