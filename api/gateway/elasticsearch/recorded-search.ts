import { freeBytes } from '@warren/platform/free-bytes'
import type { SearchFailure } from '@warren/searchdsl/answer'
import { toSearchFailure } from '@warren/searchdsl/errors'
import type { Asker } from '../asker.ts'
import type { CacheUse } from '../cache/cache-use.ts'
import { beginRecord, type NoteQuery } from '../insights/record.ts'
import type { RoomShare } from '../memory/room-share.ts'
import { newTrail } from '../trail.ts'
import type { AnsweredSearch, AnswerSearch, SearchBytes, SearchForm } from './answer-search.ts'
import { named } from './failure.ts'
import { admitSearch, failureOf, type OneSearch, type SearchOptions } from './search-one.ts'

export interface RecordedSearchOptions extends SearchOptions {
  readonly noteQuery: NoteQuery
  readonly answerSearch: AnswerSearch
  readonly maxAnswerBytes: number
}

/** The body that answers of one call go into. */
export class SearchReply {
  readonly form: SearchForm
  readonly #maxBytes: number
  readonly #hold: (share: RoomShare) => void
  #leftBytes: number

  /** `hold` keeps the memory of an answer until the call is over. */
  constructor(form: SearchForm, maxBytes: number, hold: (share: RoomShare) => void) {
    this.form = form
    this.#maxBytes = maxBytes
    this.#leftBytes = maxBytes
    this.#hold = hold
  }

  /** The answer, for as long as the call lasts, where the body has room for it; else why not. A hundred large answers in one body would be what ends the process. */
  take(answer: SearchBytes): SearchBytes | SearchFailure {
    const { bytes, isShared, share } = answer
    if (share !== undefined) this.#hold(share)
    if (bytes.length <= this.#leftBytes) {
      this.#leftBytes -= bytes.length
      return answer
    }
    if (!isShared) freeBytes(bytes)
    return toSearchFailure({
      type: 'circuit_breaking_exception',
      reason: `the answer is larger than ${this.#maxBytes} bytes; ask for fewer hits or buckets`,
      status: 400,
    })
  }
}

/** A part of a body. */
export interface Piece {
  readonly bytes: Buffer
  readonly isShared: boolean
  /** As Elasticsearch would answer it alone. */
  readonly status: number
  readonly use?: CacheUse | undefined
}

/** A failure in the words of one call. */
export const toPiece = (failure: SearchFailure, requestId: string): Piece => ({
  bytes: Buffer.from(JSON.stringify(named(failure, requestId))),
  isShared: false,
  status: failure.status,
})

/** Never throws: what goes wrong is the answer. */
async function answerOne(
  search: OneSearch,
  asker: Asker,
  { form, ...options }: RecordedSearchOptions & { readonly form: SearchForm },
): Promise<AnsweredSearch> {
  try {
    const scoped = await admitSearch(search, asker, options)
    return await options.answerSearch(scoped, form, asker)
  } catch (thrown) {
    return { answer: failureOf(thrown, asker, options) }
  }
}

/** One search as its tenant may ask it, encoded and on record. Never throws: what goes wrong is the answer. */
export async function recordedSearch(
  search: OneSearch,
  { trail: ofBody, ...who }: Asker,
  { reply, ...options }: RecordedSearchOptions & { readonly reply: SearchReply },
): Promise<Piece> {
  const asker = { ...who, trail: newTrail() }
  const { trail, requestId } = asker
  const endRecord = beginRecord('elasticsearch', asker)
  const { answer, use } = await answerOne(search, asker, { ...options, form: reply.form })
  const taken = 'error' in answer ? answer : reply.take(answer)
  // Those of the last search of a body are told: they count them all.
  ofBody.standings = trail.standings
  options.limiter.giveBack(asker, trail.cost - trail.askedCost)
  if ('error' in taken) {
    const piece = toPiece(taken, requestId)
    const bytes = piece.bytes.length
    options.noteQuery(endRecord({ rows: 0, bytes, reason: taken.error.reason }))
    return piece
  }
  if (use !== undefined) trail.cache = use.state
  const { bytes, rows, isShared } = taken
  options.noteQuery(endRecord({ rows, bytes: bytes.length }))
  return { bytes, isShared, status: 200, use }
}
