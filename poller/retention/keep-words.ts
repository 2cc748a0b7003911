import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import { counter, gauge } from '@warren/platform/metrics'
import type { LogStore, WordRound } from '@warren/stores/logs/log-store'
import type { Registry } from 'prom-client'
import { restOfBehindMs, runRounds } from './run-rounds.ts'

interface WordOptions {
  readonly indexWords: NonNullable<LogStore['indexWords']>
  readonly log: Log
  readonly registry: Registry
  readonly now?: () => number
}

/** Between rounds, when nothing waits. */
const everyMs = 30_000

/** Has the words of stored records indexed as time goes by. What waits is searched all the same, only not as quickly. */
export function keepWords(options: WordOptions) {
  const health = createHealthCell('poller/words')
  health.set('green')
  const rounds = runRounds(everyMs, async () => {
    const startMs = performance.now()
    const { segments, waiting, failed } = await indexOnce(options)
    const [failure] = failed
    if (failure === undefined) health.set('green')
    else health.set('yellow', failure)
    const goesOn = segments > 0 && waiting > 0 && failure === undefined
    return goesOn ? restOfBehindMs(performance.now() - startMs) : everyMs
  })
  return { health: () => health.read(), close: rounds.close }
}

/** One round, counted. What failed is answered, not thrown: it stays to be done. */
async function indexOnce({
  indexWords,
  log,
  registry,
  now = Date.now,
}: WordOptions): Promise<WordRound> {
  const made = counter(registry, {
    name: 'warren_poller_word_segments_total',
    help: 'Stretches of log records whose words were indexed',
  })
  const waiting = gauge(registry, {
    name: 'warren_poller_word_days_waiting',
    help: 'Days of a tenant that had words to be indexed still, or were not looked at, when the last round ended',
  })
  try {
    const round = await indexWords(now())
    made.inc(round.segments)
    waiting.set(round.waiting)
    if (round.failed.length > 0) log.warn('words', { failed: round.failed })
    return round
  } catch (error) {
    const failed = [reasonOf(error)]
    log.warn('words', { failed })
    return { segments: 0, waiting: 1, failed }
  }
}
