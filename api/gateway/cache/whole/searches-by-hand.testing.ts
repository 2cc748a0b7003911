import type { SearchAnswer, SearchSuccess } from '@warren/searchdsl/answer'
import { parseSearch } from '@warren/searchdsl/parse/search'
import { scopeSearch } from '@warren/searchdsl/scope'
import type { Asker } from '../../asker.ts'
import type { AnsweredSearch } from '../../elasticsearch/answer-search.ts'
import type { ScopedSearch } from '../../elasticsearch/search-one.ts'
import { KeptAnswers } from '../kept-answers.ts'
import type { WholeAnswers } from './asked-once.ts'
import { cachedSearch, type SearchCacheOptions } from './cached-search.ts'

export const startMs = Date.UTC(2026, 10, 20, 12)
export const clock = { nowMs: startMs }

export type Rights = Partial<Pick<Asker, 'tenant' | 'deployments'>>

export const toSearch = (
  body: object,
  { tenant = 'a', deployments }: Rights = {},
  indices: readonly string[] = ['logs-*'],
): ScopedSearch => {
  const request = parseSearch(body)
  return { indices, request: scopeSearch(request, { tenant, deployments }), sort: request.sort }
}

export const answerOf = (hits: number, more: Partial<SearchSuccess> = {}): SearchSuccess => ({
  took: 1,
  timed_out: false,
  _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
  hits: { total: { value: hits, relation: 'eq' }, max_score: null, hits: [] },
  ...more,
  status: 200,
})

export const withinRange = (gte: number | string, lte: number | string) => ({
  query: { range: { '@timestamp': { gte, lte } } },
})
export const live = () => withinRange(clock.nowMs - 60_000, clock.nowMs)
export const past = withinRange(startMs - 120_000, startMs - 60_000)

/** A store that is asked by hand. */
export function byHand(options: Partial<SearchCacheOptions> = {}) {
  const asked: {
    readonly search: ScopedSearch
    readonly signal: AbortSignal
    readonly share: Asker['share']
    answer(answer?: SearchAnswer): void
    fail(error: unknown): void
  }[] = []
  const kept: WholeAnswers = new KeptAnswers({ maxBytes: 1e6, maxBytesPerTenant: 1e6 })
  const states: string[] = []
  const answerSearch = cachedSearch(
    (search, { signal, share }) => {
      const { promise, resolve, reject } = Promise.withResolvers<SearchAnswer>()
      const answer = (given: SearchAnswer = answerOf(asked.length)) => resolve(given)
      asked.push({ search, signal, share, answer, fail: reject })
      return promise
    },
    { kept, now: () => clock.nowMs, onAnswer: (state) => states.push(state), ...options },
  )
  return { asked, answerSearch, kept, states }
}

export const textOf = ({ answer }: AnsweredSearch): string =>
  'error' in answer ? answer.error.reason : answer.bytes.toString()
