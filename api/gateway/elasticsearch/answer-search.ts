import type { SearchAnswer, SearchFailure, SearchSuccess } from '@warren/searchdsl/answer'
import type { Asker } from '../asker.ts'
import type { CacheUse } from '../cache/cache-use.ts'
import type { RoomShare } from '../memory/room-share.ts'
import type { ScopedSearch } from './search-one.ts'

/** A body of its own, or one of several. */
export type SearchForm = '_search' | '_msearch'

/** An answer as it is sent. */
export interface SearchBytes {
  readonly bytes: Buffer
  /** Hits. */
  readonly rows: number
  /** Others may have the bytes, too. */
  readonly isShared: boolean
  /** What they have of the memory for answers together; absent: it is the asker's own. */
  readonly share?: RoomShare | undefined
}

export interface AnsweredSearch {
  /** What is wrong is told to each in a text of his own. */
  readonly answer: SearchBytes | SearchFailure
  /** Absent: there is no cache before the store. */
  readonly use?: CacheUse
}

/** Asks the store, each time. */
export type AskSearch = (search: ScopedSearch, asker: Asker) => Promise<SearchAnswer>

/** Answers one search. Throws as `AskSearch` does. */
export type AnswerSearch = (
  search: ScopedSearch,
  form: SearchForm,
  asker: Asker,
) => Promise<AnsweredSearch>

/** In memory of their own size: they may be kept, and a part of Node.js's pool would keep the rest of it as well. */
function bytesOf(answer: SearchSuccess, form: SearchForm): Buffer {
  const { status: _, ...alone } = answer
  const text = JSON.stringify(form === '_msearch' ? answer : alone)
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  bytes.write(text)
  return bytes
}

/** The bytes of an answer, or what is wrong. */
export function encoded(answer: SearchAnswer, form: SearchForm): SearchBytes | SearchFailure {
  if ('error' in answer) return answer
  return { bytes: bytesOf(answer, form), rows: answer.hits.hits.length, isShared: false }
}

/** Answers without a cache. */
export const askedEachTime =
  (ask: AskSearch): AnswerSearch =>
  async (search, form, asker) => ({ answer: encoded(await ask(search, asker), form) })
