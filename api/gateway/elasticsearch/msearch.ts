import { freeBytes } from '@warren/platform/free-bytes'
import type { SearchAnswer } from '@warren/searchdsl/answer'
import { SearchError, toSearchFailure } from '@warren/searchdsl/errors'
import { type MsearchItem, parseMsearch } from '@warren/searchdsl/parse-msearch'
import { Refusal } from '../../http/refusal.ts'
import type { Asker } from '../asker.ts'
import { named, toFailure } from './failure.ts'
import { type RecordedSearchOptions, searchEncoded } from './search-one.ts'

export interface Msearch {
  readonly body: Uint8Array
  readonly index: string | undefined
  /** Why the whole is refused before it is read; each of its searches says so. */
  readonly refusal: unknown
}

const lineFeed = 0x0a

/** How many searches a body holds that cannot be told apart: pairs of lines, at least one. */
function countSearches(body: Uint8Array): number {
  let lines = 0
  let last = -1
  for (let at = body.indexOf(lineFeed); at >= 0; at = body.indexOf(lineFeed, at + 1)) {
    lines++
    last = at
  }
  if (last < body.length - 1) lines++
  return Math.min(1000, Math.max(1, Math.ceil(lines / 2)))
}

function readItems({ body, index, refusal }: Msearch): readonly MsearchItem[] {
  try {
    if (refusal !== undefined) throw refusal
    return parseMsearch(body, index)
  } catch (error) {
    if (!(error instanceof SearchError || error instanceof Refusal)) throw error
    return Array.from({ length: countSearches(body) }, () => ({ failure: toFailure(error) }))
  }
}

const tooLarge = (maxBytes: number): SearchAnswer =>
  toSearchFailure({
    type: 'circuit_breaking_exception',
    reason: `the answer is larger than ${maxBytes} bytes; ask for fewer hits or buckets`,
    status: 429,
  })

/** Encodes answers, each as soon as it is there, while they fit; one that does not is replaced by the reason. A hundred answers held as objects would be what ends the process. */
function createEncoder(maxBytes: number, requestId: string): (answer: SearchAnswer) => Buffer {
  const toBytes = (answer: SearchAnswer): Buffer =>
    Buffer.from(JSON.stringify(named(answer, requestId)))
  let left = maxBytes
  return (answer) => {
    const piece = toBytes(answer)
    if (piece.length > left) return toBytes(tooLarge(maxBytes))
    left -= piece.length
    return piece
  }
}

function join(pieces: readonly Buffer[], tookMs: number): Buffer {
  const commas = pieces.flatMap((piece, index) =>
    index === 0 ? [piece] : [Buffer.from(','), piece],
  )
  const body = Buffer.concat([
    Buffer.from(`{"took":${tookMs},"responses":[`),
    ...commas,
    Buffer.from(']}'),
  ])
  for (const piece of pieces) freeBytes(piece)
  return body
}

/** The body of `_msearch`: exactly one response a search, in order, whatever happens to each. More or fewer make Grafana lose data. */
export async function runMsearch(
  msearch: Msearch,
  asker: Asker,
  options: Omit<RecordedSearchOptions, 'encode'> & { readonly maxAnswerBytes: number },
): Promise<Buffer> {
  const started = performance.now()
  const encode = createEncoder(options.maxAnswerBytes, asker.requestId)
  const pieces = await Promise.all(
    readItems(msearch).map(async (item) =>
      'failure' in item ? encode(item.failure) : searchEncoded(item, asker, { ...options, encode }),
    ),
  )
  return join(pieces, Math.round(performance.now() - started))
}
