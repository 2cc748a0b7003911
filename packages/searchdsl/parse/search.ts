import { malformed, refused } from '../errors.ts'
import { fieldType } from '../field-types.ts'
import { limits } from '../limits.ts'
import { isObject, type ObjectReader, readObject } from '../read/object-reader.ts'
import { type BodySpent, nothingSpent } from '../read/spent.ts'
import { parseStrictJson } from '../read/strict-json.ts'
import { checkDateMs } from '../time/date-text.ts'
import type { Scalar, SearchRequest, Sort } from '../tree.ts'
import { parseAggregations } from './aggs.ts'
import { parseFieldSelectors, parseHighlight, parseSource } from './presentation.ts'
import { parseQuery } from './query.ts'
import { parseSort } from './sort.ts'

/** The JSON text of one search, of a body that has others as well where one is given. Throws a `SearchError` that names what is not accepted. */
export function parseSearchText(text: string, body?: BodySpent): SearchRequest {
  return parseSearch(parseStrictJson(text, { depth: limits.jsonDepth }, body), body)
}

/** The body of one search, JSON already read. Throws a `SearchError` that names what is not accepted. Prefer `parseSearchText`: it also sees a key that is there twice. */
export function parseSearch(search: unknown, body?: BodySpent): SearchRequest {
  const reader = readObject(search ?? {}, 'search')
  const spent = nothingSpent(body)
  const sort = parseSort(reader.take('sort'))
  const searchAfter = parseSearchAfter(reader.take('search_after'), sort)
  const highlight = parseHighlight(reader.take('highlight'))
  const query = reader.take('query')
  const request: SearchRequest = {
    query: query === undefined ? { type: 'match_all' } : parseQuery(query, spent),
    aggs: parseAggregations(aggregationsOf(reader), spent),
    ...parseWindow(reader),
    sort,
    ...(searchAfter === undefined ? {} : { searchAfter }),
    docvalueFields: parseFieldSelectors(reader.take('docvalue_fields'), 'docvalue_fields'),
    fields: parseFieldSelectors(reader.take('fields'), 'fields'),
    source: parseSource(reader.take('_source')),
    ...(highlight === undefined ? {} : { highlight }),
    trackTotalHits: parseTotal(reader),
  }
  dropHarmless(reader)
  reader.end()
  return request
}

function aggregationsOf(reader: ObjectReader): unknown {
  if (reader.has('aggs') && reader.has('aggregations'))
    throw malformed('[aggs] and [aggregations] are both in [search]')
  const aggs = reader.take('aggs')
  return reader.take('aggregations') ?? aggs
}

function parseWindow(reader: ObjectReader): { size: number; from: number } {
  const size = reader.number('size') ?? 10
  const from = reader.number('from') ?? 0
  if (!Number.isInteger(size) || size < 0) throw malformed('[size] must be 0 or more')
  if (!Number.isInteger(from) || from < 0) throw malformed('[from] must be 0 or more')
  if (size + from > limits.resultWindow)
    throw refused(
      `Result window is too large, from + size must be less than or equal to: [${limits.resultWindow}] but was [${size + from}]`,
    )
  return { size, from }
}

function parseTotal(reader: ObjectReader): boolean | number {
  const value = reader.scalar('track_total_hits')
  if (value === undefined) return 10_000
  if (typeof value === 'boolean') return value
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0)
    throw malformed('[track_total_hits] must be true, false or a number')
  return number
}

function parseSearchAfter(
  value: unknown,
  sort: readonly Sort[],
): readonly (Scalar | null)[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw malformed('[search_after] must be a list')
  if (value.length !== sort.length)
    throw malformed(`search_after has ${value.length} value(s) but sort has ${sort.length}.`)
  return value.map((one: unknown, at) => {
    if (one === null || typeof one === 'string') return one
    if (typeof one !== 'number') throw malformed('[search_after] must hold texts, numbers or null')
    if (fieldType(sort[at]?.field ?? '') === 'date') checkDateMs(one, '[search_after]')
    return one
  })
}

/** Settings that change nothing here, and empty ones that Grafana always sends. */
function dropHarmless(reader: ObjectReader): void {
  for (const key of ['script_fields', 'runtime_mappings'])
    if (reader.has(key)) checkEmpty(key, reader)
  for (const key of ['profile', 'explain', 'version', 'seq_no_primary_term', 'track_scores'])
    if (reader.flag(key) === true) throw refused(`[${key}] is not accepted in [search]`)
  // The gateway sets its own.
  reader.text('timeout')
}

function checkEmpty(key: string, reader: ObjectReader): void {
  const value = reader.take(key)
  if (isObject(value) && Object.keys(value).length === 0) return
  const why =
    key === 'script_fields' ? 'scripts are not accepted' : 'a request cannot redefine fields'
  throw refused(`[${key}] is not accepted in [search]: ${why}`)
}
