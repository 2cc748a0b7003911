import { silentLog } from '@warren/platform/log.testing'
import type { WordRound } from '@warren/stores/logs/log-store'
import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keepWords } from './keep-words.ts'

const done: WordRound = { segments: 0, waiting: 0, failed: [] }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function started(answers: (() => Promise<WordRound>)[]) {
  const log = silentLog()
  const registry = new Registry()
  const indexWords = vi.fn(() => answers.shift()?.() ?? Promise.resolve(done))
  const words = keepWords({ indexWords, log, registry })
  const roundsAfter = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms)
    return indexWords.mock.calls.length
  }
  return { words, registry, roundsAfter }
}

it('makes a round every half minute, and the next one soon while more waits', async () => {
  const { words, registry, roundsAfter } = started([
    async () => ({ ...done, segments: 2, waiting: 1 }),
    // Writes need the time.
    async () => ({ ...done, waiting: 1 }),
  ])
  expect(await roundsAfter(29_999)).toBe(0)
  expect(await roundsAfter(1)).toBe(1)
  expect(await roundsAfter(1100)).toBe(2)
  expect(await registry.metrics()).toContain('warren_poller_word_segments_total 2')
  expect(await registry.metrics()).toContain('warren_poller_word_days_waiting 1')
  expect(await roundsAfter(29_000)).toBe(2)
  expect(await roundsAfter(1000)).toBe(3)
  await words.close()
  expect(await roundsAfter(120_000)).toBe(3)
})

it('is yellow after a round that failed, and green after the next', async () => {
  const { words, roundsAfter } = started([
    async () => ({ ...done, failed: ['acme, 2026-03-03: the disk is full'] }),
    () => Promise.reject(new Error('the store is away')),
  ])
  await roundsAfter(30_000)
  expect(JSON.stringify(words.health())).toContain('acme, 2026-03-03: the disk is full')
  await roundsAfter(30_000)
  expect(JSON.stringify(words.health())).toContain('the store is away')
  await roundsAfter(30_000)
  expect(words.health()).toMatchObject({ state: 'green' })
  await words.close()
})
