import type { SearchSuccess } from '@warren/searchdsl/answer'
import { toSearchFailure } from '@warren/searchdsl/errors'
import { beforeEach, describe, expect, it } from 'vitest'
import { asker } from '../asker.testing.ts'
import { KeptAnswers } from '../kept-answers.ts'
import type { WholeAnswers } from './asked-once.ts'
import {
  answerOf,
  byHand,
  clock,
  live,
  past,
  type Rights,
  startMs,
  textOf,
  toSearch,
  withinRange,
} from './searches-by-hand.testing.ts'

beforeEach(() => {
  clock.nowMs = startMs
})
describe('a search that is asked for all', () => {
  it('is asked once within a step of the grid, and again in the next', async () => {
    const { asked, answerSearch, states } = byHand()
    const answers = [0, 1000, 2999].map((afterMs) => {
      clock.nowMs = startMs + afterMs
      return answerSearch(toSearch(live()), '_msearch', asker())
    })
    asked[0]?.answer()
    const [first, ...others] = (await Promise.all(answers)).map(textOf)
    expect(others).toEqual([first, first])
    expect([asked.length, states]).toEqual([1, ['miss', 'hit', 'hit']])
    clock.nowMs = startMs + 4999
    const { use } = await answerSearch(toSearch(live()), '_msearch', asker())
    expect(use).toEqual({ state: 'hit', ageMs: 4999 })
    clock.nowMs = startMs + 5000
    void answerSearch(toSearch(live()), '_msearch', asker())
    expect(asked).toHaveLength(2)
  })

  it('is asked as it is moved', () => {
    const { asked, answerSearch } = byHand()
    clock.nowMs += 1234
    void answerSearch(toSearch(live()), '_msearch', asker())
    expect(asked[0]?.search).toEqual(toSearch(withinRange(startMs - 60_000, startMs)))
  })

  it.each([
    ['of the past', past],
    ['by the clock', withinRange('now-1h', 'now')],
    ['of all times', {}],
  ])('has no answer from more than 5 s ago: %s', async (_, body) => {
    const { asked, answerSearch } = byHand()
    clock.nowMs += 4000
    const first = answerSearch(toSearch(body), '_msearch', asker())
    clock.nowMs += 4999
    void answerSearch(toSearch(body), '_msearch', asker())
    expect(asked).toHaveLength(1)
    clock.nowMs += 1
    void answerSearch(toSearch(body), '_msearch', asker())
    expect(asked).toHaveLength(2)
    asked[0]?.answer()
    await first
    void answerSearch(toSearch(body), '_msearch', asker())
    expect(asked).toHaveLength(2)
  })

  it('is asked past the cache by who wants it fresh, as it is', async () => {
    const { asked, answerSearch } = byHand()
    clock.nowMs += 1234
    for (const at of [0, 1]) {
      const answer = answerSearch(toSearch(live()), '_msearch', asker({ wantsFresh: true }))
      expect(asked[at]?.search).toEqual(toSearch(live()))
      asked[at]?.answer()
      expect((await answer).use).toEqual({ state: 'bypass', ageMs: 0 })
    }
  })

  it('has a body of its own, or one with its status among others', async () => {
    const { asked, answerSearch } = byHand()
    const answers = (['_search', '_msearch'] as const).map((form) =>
      answerSearch(toSearch(past), form, asker()),
    )
    const { status, ...alone } = answerOf(3)
    for (const each of asked) each.answer(answerOf(3))
    expect((await Promise.all(answers)).map(textOf)).toEqual([
      JSON.stringify(alone),
      JSON.stringify({ ...alone, status }),
    ])
  })
})

describe('nothing is shared', () => {
  it('between tenants, grants, streams or searches', () => {
    const { asked, answerSearch } = byHand()
    const body = { ...past, sort: [{ '@timestamp': 'desc' }] }
    const rights: readonly Rights[] = [
      {},
      { tenant: 'b' },
      { deployments: ['x'] },
      { deployments: ['y'] },
      { deployments: ['x', 'y'] },
      { tenant: 'b', deployments: ['x'] },
    ]
    for (const right of rights) {
      for (const form of ['_search', '_msearch'] as const)
        void answerSearch(toSearch(body, right), form, asker(right))
    }
    expect(asked).toHaveLength(2 * rights.length)
    const others = [
      toSearch(body, {}, ['logs-a']),
      toSearch(body, {}, ['logs-a', 'logs-b']),
      toSearch(body, {}, ['logs-a,logs-b']),
      toSearch(body, {}, []),
      toSearch({ ...body, size: 11 }),
      toSearch({ ...body, track_total_hits: true }),
      toSearch({ ...body, track_total_hits: 1_000_000 }),
      toSearch({ ...body, sort: [{ '@timestamp': 'asc' }] }),
      toSearch({ ...body, search_after: [startMs] }),
      toSearch({ ...body, search_after: [null] }),
    ]
    for (const search of others) void answerSearch(search, '_msearch', asker())
    expect(asked).toHaveLength(2 * rights.length + others.length)
  })

  it('between callers with grants whose hits have other shapes', () => {
    const { asked, answerSearch } = byHand()
    const right = { deployments: ['x'] }
    // Of both the store is asked the same: places are no business of a caller with grants.
    const searches = [['@timestamp'], ['@timestamp', '_doc']].map((sort) =>
      toSearch({ ...past, sort }, right),
    )
    expect(searches[0]?.request).toEqual(searches[1]?.request)
    for (const search of searches) void answerSearch(search, '_msearch', asker(right))
    expect(asked).toHaveLength(2)
  })

  it('between a caller with grants and one who asks for as much', () => {
    const { asked, answerSearch } = byHand()
    const right = { deployments: ['x'] }
    const filter = [{ term: { 'warren.tenant': 'a' } }, { terms: { deployment: ['x'] } }]
    void answerSearch(toSearch({ query: { match_all: {} } }, right), '_msearch', asker(right))
    const asMuch = { query: { bool: { filter: [...filter, { match_all: {} }] } } }
    void answerSearch(toSearch(asMuch), '_msearch', asker())
    expect(asked).toHaveLength(2)
  })
})

describe('what is wrong', () => {
  it('is told to all who wait, and kept for nobody', async () => {
    const { asked, answerSearch, kept, states } = byHand()
    const waiting = [1, 2].map(() => answerSearch(toSearch(past), '_msearch', asker()))
    asked[0]?.fail(new Error('away'))
    for (const answer of waiting) await expect(answer).rejects.toThrow('away')
    const failures = ['busy', 'wrong'].map((reason) =>
      toSearchFailure({ type: 'x', reason, status: reason === 'busy' ? 429 : 400 }),
    )
    for (const [index, failure] of failures.entries()) {
      const both = [1, 2].map(() => answerSearch(toSearch(past), '_msearch', asker()))
      asked[index + 1]?.answer(failure)
      for (const answer of await Promise.all(both)) expect(answer.answer).toEqual(failure)
    }
    expect(states).toEqual([])
    const parts: readonly Partial<SearchSuccess>[] = [
      { timed_out: true },
      { _shards: { total: 2, successful: 1, skipped: 0, failed: 1 } },
    ]
    for (const [index, part] of parts.entries()) {
      const both = [1, 2].map(() => answerSearch(toSearch(past), '_msearch', asker()))
      asked[index + 3]?.answer(answerOf(1, part))
      for (const answer of await Promise.all(both)) expect(textOf(answer)).toContain('"took":1')
    }
    expect([asked.length, kept.bytes]).toEqual([5, 0])
  })
})

it('shares a large answer with those who wait, and keeps it for nobody', async () => {
  const kept: WholeAnswers = new KeptAnswers({ maxBytes: 1e8, maxBytesPerTenant: 1e8 })
  const { asked, answerSearch } = byHand({ kept })
  const aggregations = { text: 'x'.repeat(4 * 1024 ** 2) }
  const both = [1, 2].map(() => answerSearch(toSearch(past), '_msearch', asker()))
  asked[0]?.answer(answerOf(1, { aggregations }))
  const texts = (await Promise.all(both)).map(textOf)
  expect(texts[0]).toContain(aggregations.text)
  expect(texts[1]).toBe(texts[0])
  expect([asked.length, kept.bytes]).toEqual([1, 0])
})

it('knows the bytes that one asker alone has from those that others have, or may', async () => {
  const { asked, answerSearch } = byHand()
  const isShared = async (who: number, more: Partial<SearchSuccess>) => {
    const at = asked.length
    const answers = Array.from({ length: who }, () =>
      answerSearch(toSearch(past), '_msearch', asker()),
    )
    asked[at]?.answer(answerOf(1, more))
    return (await Promise.all(answers)).map(({ answer }) => 'bytes' in answer && answer.isShared)
  }
  expect(await isShared(1, { timed_out: true })).toEqual([false])
  expect(await isShared(2, { timed_out: true })).toEqual([true, true])
  expect(await isShared(1, {})).toEqual([true])
})

it('keeps within the memory of all whole answers', async () => {
  const kept: WholeAnswers = new KeptAnswers({ maxBytes: 2000, maxBytesPerTenant: 2000 })
  const { asked, answerSearch } = byHand({ kept })
  for (let size = 0; size < 20; size += 1) {
    const answer = answerSearch(toSearch({ ...past, size }), '_msearch', asker())
    asked[size]?.answer()
    await answer
    expect(kept.bytes).toBeLessThanOrEqual(2000)
  }
  expect(kept.bytes).toBeGreaterThan(0)
})
