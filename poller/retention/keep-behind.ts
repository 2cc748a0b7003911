import { createHealthCell } from '@warren/platform/health-cell'
import { restOfBehindMs, runRounds } from './run-rounds.ts'

/** What a round of a job has left. */
export interface RoundEnd {
  /** What was not done, for people. It stays to be done. */
  readonly failure?: string | undefined
  /** More waits, which another round at once would do. */
  readonly isBehind: boolean
}

/** Between rounds, when nothing waits. */
const everyMs = 30_000

/** Runs a job that follows what is written, soon again while it is behind; shown as `poller/<part>`. The round does not reject. */
export function keepBehind(part: string, round: () => Promise<RoundEnd>) {
  const health = createHealthCell(`poller/${part}`)
  health.set('green')
  const rounds = runRounds(everyMs, async () => {
    const startMs = performance.now()
    const { failure, isBehind } = await round()
    if (failure === undefined) health.set('green')
    else health.set('yellow', failure)
    const tookMs = performance.now() - startMs
    return isBehind && failure === undefined ? restOfBehindMs(tookMs) : everyMs
  })
  return { health: () => health.read(), close: rounds.close }
}
