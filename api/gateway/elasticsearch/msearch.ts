import { SearchError } from '@warren/searchdsl/errors'
import { type MsearchItem, parseMsearch } from '@warren/searchdsl/parse/msearch'
import { Refusal } from '../../http/refusal.ts'
import type { Asker } from '../asker.ts'
import { LineCount } from '../count-lines.ts'
import { toFailure } from './failure.ts'
import {
  type Piece,
  type RecordedSearchOptions,
  recordedSearch,
  type SearchReply,
  toPiece,
} from './recorded-search.ts'
import { unreadSearch } from './unread-search.ts'

export interface Msearch {
  readonly body: Uint8Array
  /** Of which `body` is the start; absent: it is all of it. */
  readonly lines?: number | undefined
  readonly index: string | undefined
  /** Why the whole is refused before it is read; each of its searches says so. */
  readonly refusal: unknown
}

/** Bytes of a body that could not be read, on record. */
const mostShown = 4096

function linesOf(body: Uint8Array): number {
  const count = new LineCount()
  count.add(body)
  return count.lines
}

/** How many searches there are where they cannot be told apart: pairs of lines, at least one. */
const searchesIn = (lines: number): number => Math.min(1000, Math.max(1, Math.ceil(lines / 2)))

function readItems({ body, lines, index, refusal }: Msearch): readonly MsearchItem[] {
  try {
    if (refusal !== undefined) throw refusal
    return parseMsearch(body, index)
  } catch (error) {
    if (!(error instanceof SearchError || error instanceof Refusal)) throw error
    const failure = toFailure(error)
    const length = searchesIn(lines ?? linesOf(body))
    const all: MsearchItem[] = Array.from({ length }, () => ({ failure }))
    // One stands for all on record.
    return all.with(0, { failure, text: Buffer.from(body.subarray(0, mostShown)).toString() })
  }
}

const plain = (text: string): Buffer => Buffer.from(text)

/** The body around answers: their bytes stay where they are. */
export function aroundAnswers(
  answers: readonly Piece[],
  tookMs: number,
): readonly Pick<Piece, 'bytes' | 'isShared'>[] {
  const isShared = false
  const comma = { bytes: plain(','), isShared }
  return [
    { bytes: plain(`{"took":${tookMs},"responses":[`), isShared },
    ...answers.flatMap((answer, index) => (index === 0 ? [answer] : [comma, answer])),
    { bytes: plain(']}'), isShared },
  ]
}

/** The answers of `_msearch`: exactly one a search, in order, whatever happens to each. More or fewer make Grafana lose data. */
export function runMsearch(
  msearch: Msearch,
  asker: Asker,
  options: RecordedSearchOptions & { readonly reply: SearchReply },
): Promise<readonly Piece[]> {
  const answers = readItems(msearch).map(async (item) => {
    if (!('failure' in item)) return recordedSearch(item, asker, options)
    const { failure, text } = item
    if (text === undefined) return toPiece(failure, asker.requestId)
    return unreadSearch({ failure, text }, asker, options)
  })
  return Promise.all(answers)
}
