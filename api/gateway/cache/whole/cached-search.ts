import type { SearchAnswer, SearchFailure } from '@warren/searchdsl/answer'
import type { Asker } from '../../asker.ts'
import {
  type AnswerSearch,
  type AskSearch,
  askedEachTime,
  encoded,
  type SearchBytes,
  type SearchForm,
} from '../../elasticsearch/answer-search.ts'
import type { ScopedSearch } from '../../elasticsearch/search-one.ts'
import type { CacheState } from '../cache-use.ts'
import { gridMs } from '../snap/grid.ts'
import { snapSearch } from '../snap/snap-search.ts'
import { AskedOnce, type AskedOnceOptions, type Made } from './asked-once.ts'

export interface SearchCacheOptions extends AskedOnceOptions {
  /** Told of every answer that is none of an error. */
  readonly onAnswer?: (state: CacheState) => void
}

/** Equal for equal searches and for no others: all that the answer is made of stands in it. Keys of metric queries begin otherwise. */
export function keyOf(
  { indices, request, sort }: ScopedSearch,
  form: SearchForm,
  { tenant, deployments }: Pick<Asker, 'tenant' | 'deployments'>,
): string {
  return `search:${JSON.stringify([tenant, deployments ?? null, form, indices, sort, request])}`
}

/** What is larger is for those who wait: few of such answers would fill the memory of their tenant, as of metrics. */
const mostKeptBytes = 4 * 1024 ** 2

/** What only some shards, or some of the time, had is for those who wait. */
const isWhole = (answer: SearchAnswer): boolean =>
  !('error' in answer) && !answer.timed_out && answer._shards.failed === 0

type Answered = SearchBytes | SearchFailure

/** Asks for all who wait: they have their part of the memory together. */
async function makeShared(
  ask: AskSearch,
  search: ScopedSearch,
  { form, asker }: { readonly form: SearchForm; readonly asker: Asker },
): Promise<Made<Answered>> {
  const { share } = asker
  const found = await ask(search, asker)
  const answer = encoded(found, form)
  if ('error' in answer) {
    // Nothing is sent but its text.
    share?.release()
    return { answer, bytes: 0, isWhole: false }
  }
  const { bytes } = answer
  share?.settle(bytes.length)
  const shared = { ...answer, isShared: true, share }
  const isKept = isWhole(found) && bytes.length <= mostKeptBytes
  return { answer: shared, bytes: bytes.length, isWhole: isKept }
}

/** What the text of a search holds on to is about its key; up to so much it is printed when somebody reads it. */
const lightLength = 4096

/**
 * Asks the store once for all who search the same within 5 s: as metric queries are, by `cachedQuery`. What depends on the clock (`now-1h`, names of indices)
 * is as it was when the store was asked. Who wants it fresh asks the store.
 */
export function cachedSearch(ask: AskSearch, options: SearchCacheOptions): AnswerSearch {
  const { now = Date.now, onAnswer } = options
  const once = new AskedOnce<Answered>(options)
  const fresh = askedEachTime(ask)
  const answer: AnswerSearch = async (search, form, asker) => {
    if (asker.wantsFresh)
      return { ...(await fresh(search, form, asker)), use: { state: 'bypass', ageMs: 0 } }
    const nowMs = now()
    const moved = { ...search, request: snapSearch(search.request, nowMs) }
    const key = keyOf(moved, form, asker)
    asker.trail.isTextLight = key.length <= lightLength
    const makeAll = (all: Asker) => makeShared(ask, moved, { form, asker: all })
    const question = { key, untilMs: nowMs + gridMs, ask: makeAll }
    const { answer, use, isSole } = await once.answer(question, asker)
    if ('error' in answer || !isSole) return { answer, use }
    return { answer: { ...answer, isShared: false }, use }
  }
  return async (search, form, asker) => {
    const answered = await answer(search, form, asker)
    if (answered.use !== undefined && !('error' in answered.answer)) onAnswer?.(answered.use.state)
    return answered
  }
}
