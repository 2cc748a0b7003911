import type { SearchAnswer } from '@warren/searchdsl/answer'
import { SearchError, toSearchFailure } from '@warren/searchdsl/errors'
import { type MsearchItem, parseMsearch } from '@warren/searchdsl/parse-msearch'
import { Refusal } from '../../http/refusal.ts'
import type { Asker } from '../ask-store.ts'
import { toFailure } from './failure.ts'
import { type SearchOptions, searchOne } from './search-one.ts'

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

/** Joins answers while they fit; one that does not is replaced by the reason. */
function encode(answers: readonly SearchAnswer[], tookMs: number, maxBytes: number): Buffer {
  let left = maxBytes
  const pieces = answers.map((answer) => {
    const piece = Buffer.from(JSON.stringify(answer))
    if (piece.length > left) return Buffer.from(JSON.stringify(tooLarge(maxBytes)))
    left -= piece.length
    return piece
  })
  const commas = pieces.flatMap((piece, index) =>
    index === 0 ? [piece] : [Buffer.from(','), piece],
  )
  return Buffer.concat([
    Buffer.from(`{"took":${tookMs},"responses":[`),
    ...commas,
    Buffer.from(']}'),
  ])
}

/** The body of `_msearch`: exactly one response a search, in order, whatever happens to each. More or fewer make Grafana lose data. */
export async function runMsearch(
  msearch: Msearch,
  asker: Asker,
  options: SearchOptions & { readonly maxAnswerBytes: number },
): Promise<Buffer> {
  const started = performance.now()
  const answers = await Promise.all(
    readItems(msearch).map((item) =>
      'failure' in item ? item.failure : searchOne(item, asker, options),
    ),
  )
  return encode(answers, Math.round(performance.now() - started), options.maxAnswerBytes)
}
