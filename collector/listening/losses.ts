import type { Log } from '@warren/platform/log'
import type { LossReason } from '../listeners/listener.ts'

/** What one listener could not pass on: counted at once, told once a minute, remembered for a while. */
export interface Losses {
  add(reason: LossReason, count: number): void
  /** To be called some times a second. */
  tick(nowMs: number): void
  /** Tells what was not told yet. */
  end(): void
  /** Says what was lost lately; undefined when nothing was. */
  recent(nowMs: number): string | undefined
}

export interface LossesOptions {
  readonly log: Log
  readonly listener: string
  readonly count: (reason: LossReason, count: number) => void
}

const tellEveryMs = 60_000
const rememberMs = 300_000

const toText = (counts: ReadonlyMap<LossReason, number>): string =>
  [...counts].map(([reason, count]) => `${count} ${reason.replaceAll('_', ' ')}`).join(', ')

interface Told {
  readonly atMs: number
  readonly text: string
}

export function createLosses({ log, listener, count }: LossesOptions): Losses {
  const untold = new Map<LossReason, number>()
  let told: Told | undefined
  const tell = (nowMs: number): void => {
    if (untold.size === 0) return
    told = { atMs: nowMs, text: toText(untold) }
    untold.clear()
    log.warn(`${listener} left out what was sent`, { lost: told.text })
  }
  return {
    add: (reason, lost) => {
      count(reason, lost)
      untold.set(reason, (untold.get(reason) ?? 0) + lost)
    },
    tick: (nowMs) => {
      if (told === undefined || nowMs - told.atMs >= tellEveryMs) tell(nowMs)
    },
    end: () => tell(Date.now()),
    recent: (nowMs) => {
      if (untold.size > 0) return toText(untold)
      return told !== undefined && nowMs - told.atMs < rememberMs ? told.text : undefined
    },
  }
}
