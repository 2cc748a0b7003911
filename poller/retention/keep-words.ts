import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import { counter, gauge } from '@warren/platform/metrics'
import type { LogStore } from '@warren/stores/logs/log-store'
import type { Registry } from 'prom-client'
import { keepBehind, type RoundEnd } from './keep-behind.ts'

interface WordOptions {
  readonly indexWords: NonNullable<LogStore['indexWords']>
  readonly log: Log
  readonly registry: Registry
  readonly now?: () => number
}

/** Has the words of stored records indexed as time goes by. What waits is searched all the same, only not as quickly. */
export const keepWords = (options: WordOptions) => keepBehind('words', () => indexOnce(options))

/** One round, counted. What failed is answered, not thrown: it stays to be done. */
async function indexOnce({
  indexWords,
  log,
  registry,
  now = Date.now,
}: WordOptions): Promise<RoundEnd> {
  const made = counter(registry, {
    name: 'warren_poller_word_segments_total',
    help: 'Stretches of log records whose words were indexed',
  })
  const waiting = gauge(registry, {
    name: 'warren_poller_word_days_waiting',
    help: 'Days of a tenant that had words to be indexed still, or were not looked at, when the last round ended',
  })
  try {
    const { segments, waiting: days, failed } = await indexWords(now())
    made.inc(segments)
    waiting.set(days)
    if (failed.length > 0) log.warn('words', { failed })
    // A round that made nothing waits for writes to take less of the time.
    return { failure: failed[0], isBehind: segments > 0 && days > 0 }
  } catch (error) {
    const failure = reasonOf(error)
    log.warn('words', { failed: [failure] })
    return { failure, isBehind: true }
  }
}
