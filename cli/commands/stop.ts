import { setTimeout as sleep } from 'node:timers/promises'
import { readRun } from '../data-folder/run-file.ts'
import { ExitError } from '../exit-error.ts'
import { requireRun } from './status.ts'

const deadlineMs = 90_000

/** Asks the Warren on a data folder to drain and end, and waits until it has. */
export async function stop(dataDir: string): Promise<void> {
  const { pid } = requireRun(dataDir)
  process.kill(pid, 'SIGTERM')
  const until = Date.now() + deadlineMs
  while (readRun(dataDir) !== undefined) {
    if (Date.now() > until)
      throw new ExitError(
        'failure',
        `process ${pid} is still draining after ${deadlineMs / 1000} s`,
      )
    await sleep(100)
  }
}
