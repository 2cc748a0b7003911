import type { Health } from '@warren/contracts/http/status'
import { withDeadline } from '@warren/platform/deadline'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'

const everyMs = 5000
const deadlineMs = 4000

export interface Probe {
  read(): Health
  stop(): void
}

/** Asks every five seconds whether a thing that the api depends on works, so that nobody who wants to know has to wait. */
export function startProbe(part: string, check: () => Promise<void>): Probe {
  const cell = createHealthCell(part)
  let asking = false
  async function ask(): Promise<void> {
    if (asking) return
    asking = true
    try {
      await withDeadline(check(), { ms: deadlineMs, what: `the check of the ${part}` })
      cell.set('green')
    } catch (error) {
      cell.set('red', reasonOf(error))
    } finally {
      asking = false
    }
  }
  void ask()
  const timer = setInterval(() => void ask(), everyMs)
  timer.unref()
  return { read: () => cell.read(), stop: () => clearInterval(timer) }
}
