import type { SearchFailure } from '../answer.ts'
import { malformed, refused, SearchError, toSearchFailure } from '../errors.ts'
import { limits } from '../limits.ts'
import { decodeBody } from '../read/decode-body.ts'
import { readObject } from '../read/object-reader.ts'
import { type BodySpent, nothingSpentOfBody } from '../read/spent.ts'
import { parseStrictJson } from '../read/strict-json.ts'
import type { SearchRequest } from '../tree.ts'
import { parseSearchText } from './search.ts'

/** One search of an `_msearch` body, or why it is refused; the others live on. */
export type MsearchItem =
  | { readonly indices: readonly string[]; readonly request: SearchRequest }
  | {
      readonly failure: SearchFailure
      /** The search as it was sent. */
      readonly text?: string
    }

/** Header keys that choose neither data nor meaning: read and dropped. */
const harmless = [
  'search_type',
  'searchType',
  'preference',
  'ignore_unavailable',
  'ignoreUnavailable',
  'ignore_throttled',
  'ignoreThrottled',
  'allow_no_indices',
  'allowNoIndices',
  'expand_wildcards',
  'expandWildcards',
  'ccs_minimize_roundtrips',
  'request_cache',
  'requestCache',
  'max_concurrent_shard_requests',
  'batched_reduce_size',
  'pre_filter_shard_size',
  'allow_partial_search_results',
]

/** Lines of an `_msearch` body, a header and a search each; `pathIndex` is the URL's index expression. Returns one item a search, in order.
 *  Throws a `SearchError` only when the searches cannot be told apart. */
export function parseMsearch(
  body: Uint8Array,
  pathIndex: string | undefined,
): readonly MsearchItem[] {
  const lines = toLines(body)
  if (lines.length === 0) throw malformed('no requests added')
  if (lines.length % 2 === 1)
    throw malformed('an _msearch body is pairs of lines: the last header has no search')
  const items: MsearchItem[] = []
  const ofPath = toExpressions(pathIndex ?? '')
  const spent = nothingSpentOfBody()
  for (let at = 0; at < lines.length; at += 2)
    items.push(toItem({ header: lines[at] ?? '', search: lines[at + 1] ?? '', ofPath }, spent))
  return items
}

const tooMany = (): SearchError =>
  refused(`more than ${limits.searchesPerBody} searches in one body`)

const lineFeed = 0x0a

/** The last one may lack its end. */
function countLines(body: Uint8Array): number {
  let lines = body.length === 0 || body.at(-1) === lineFeed ? 0 : 1
  for (let at = body.indexOf(lineFeed); at >= 0; at = body.indexOf(lineFeed, at + 1)) lines++
  return lines
}

function toLines(body: Uint8Array): readonly string[] {
  if (body.length > limits.bodyBytes)
    throw new SearchError({
      type: 'illegal_argument_exception',
      reason: `the body is larger than ${limits.bodyBytes} bytes`,
      status: 413,
    })
  // Before each of some millions becomes a text.
  if (countLines(body) > 2 * limits.searchesPerBody) throw tooMany()
  const lines = decodeBody(body).split('\n')
  // The last line ends with a newline; a header may be an empty line.
  if (lines.at(-1)?.trim() === '') lines.pop()
  return lines
}

interface Pair {
  readonly header: string
  readonly search: string
  /** The URL's index expressions. */
  readonly ofPath: readonly string[]
}

function toItem({ header, search, ofPath }: Pair, spent: BodySpent): MsearchItem {
  try {
    const indices = parseHeader(header, spent)
    const request = parseSearchText(search, spent)
    return { indices: indices ?? ofPath, request }
  } catch (error) {
    if (error instanceof SearchError) return { failure: toSearchFailure(error), text: search }
    throw error
  }
}

/** Index expressions of the header; `undefined` when it names none, so that the URL's count. */
function parseHeader(line: string, spent: BodySpent): readonly string[] | undefined {
  if (line.trim() === '') return undefined
  const reader = readObject(parseStrictJson(line, { depth: limits.jsonDepth }, spent), 'header')
  if (reader.has('index') && reader.has('indices'))
    throw malformed('[index] and [indices] are both in [header]')
  const index = reader.take('index')
  const named = reader.take('indices') ?? index
  for (const key of harmless) reader.take(key)
  reader.end()
  if (named === undefined) return undefined
  const list = Array.isArray(named) ? named : [named]
  const expressions = list.flatMap((one: unknown) => {
    if (typeof one !== 'string') throw malformed('[index] must hold texts')
    return toExpressions(one)
  })
  return expressions.length === 0 ? undefined : expressions
}

/** Splits `a,b-*,-b-old`, but not what follows as many as one search may have; a comma inside date math (`<…>`) belongs to it. One pass: a regular expression would look for the end of each `<` again. */
export function toExpressions(text: string): readonly string[] {
  const lastClose = text.lastIndexOf('>')
  const parts: string[] = []
  let from = 0
  let inside = false
  const take = (to: number): void => {
    const part = text.slice(from, to).trim()
    if (part !== '') parts.push(part)
    from = to + 1
  }
  for (let at = 0; at < text.length && parts.length < limits.names; at++) {
    const char = text[at]
    if (char === '<') inside ||= at < lastClose
    else if (char === '>') inside = false
    else if (char === ',' && !inside) take(at)
  }
  take(text.length)
  return parts
}
