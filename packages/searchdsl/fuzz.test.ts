import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SearchError } from './errors.ts'
import { compileMatcher } from './evaluate/match/matcher.ts'
import { requiredTerms, timeRangeOf } from './evaluate/match/prune.ts'
import { PlainRecordView } from './evaluate/record-view.ts'
import { parseMsearch } from './parse/msearch.ts'
import { parseSearch } from './parse/search.ts'
import { printSearch } from './print.ts'
import { parseStrictJson } from './read/strict-json.ts'
import { searchRecords } from './search-records.testing.ts'
import type { SearchRequest } from './tree.ts'

const nowMs = Date.UTC(2026, 2, 6)

function attempt(run: () => SearchRequest): SearchRequest | undefined {
  try {
    return run()
  } catch (error) {
    expect(error).toBeInstanceOf(SearchError)
    return undefined
  }
}

const words = fc.constantFrom(
  'error',
  'refused',
  'log.level:',
  'host.name:',
  '@timestamp:',
  'severity_number:',
  'attributes.x:',
  '(',
  ')',
  '"',
  '[',
  ']',
  '{',
  '}',
  ' TO ',
  ' AND ',
  ' OR ',
  ' NOT ',
  '+',
  '-',
  '!',
  '*',
  '?',
  '/',
  '\\',
  '~',
  '^2',
  '>=',
  '2026-03-04',
  'now-1d/d',
  '17',
  ' ',
  '_exists_:',
  '🔥',
  '\u0000',
)
const lucene = fc.array(words, { maxLength: 15 }).map((parts) => parts.join(''))
const views = searchRecords.map(
  (record, order) => new PlainRecordView({ id: record.id, index: 'x', order }, record),
)

test('Lucene text parses or is refused; what parses prints, parses back the same, and prunes nothing that matches', () => {
  fc.assert(
    fc.property(lucene, (query) => {
      const request = attempt(() =>
        parseSearch({
          query: { query_string: { query, analyze_wildcard: true } },
          sort: ['_doc'],
          track_total_hits: 5,
        }),
      )
      if (request === undefined) return
      expect(parseSearch(printSearch(request))).toEqual(request)
      const matches = compileMatcher(request.query, nowMs)
      const { minMs, maxMs } = timeRangeOf(request.query, nowMs)
      const terms = requiredTerms(request.query)
      for (const view of views.filter(matches)) {
        const ms = Number(view.get('@timestamp'))
        expect(ms >= minMs && ms <= maxMs).toBe(true)
        for (const term of terms) expect(String(view.get('message')).toLowerCase()).toContain(term)
      }
    }),
    { numRuns: 2000 },
  )
})

const keys = fc.constantFrom(
  'query',
  'bool',
  'must',
  'filter',
  'term',
  'terms',
  'range',
  'match',
  'exists',
  'field',
  'value',
  'aggs',
  'date_histogram',
  'fixed_interval',
  'extended_bounds',
  'min',
  'max',
  'order',
  'size',
  'sort',
  '@timestamp',
  'log.level',
  'format',
  'gte',
  'highlight',
  'fields',
  '_source',
  'bucket_script',
  'buckets_path',
  'moving_fn',
  'rate',
  'script',
  'max_bucket',
  'x',
)
const body = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('message', 'asc', '1m', 'epoch_millis', '*', 'a'),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
  ),
}))

test('any JSON parses or is refused', () => {
  fc.assert(
    fc.property(fc.dictionary(keys, body.value), (value) => {
      const request = attempt(() => parseSearch(value))
      if (request !== undefined) printSearch(request)
    }),
    { numRuns: 2000 },
  )
})

test('any bytes are an _msearch body or are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        parseMsearch(bytes, undefined)
      } catch (error) {
        expect(error).toBeInstanceOf(SearchError)
      }
    }),
  )
})

test('strict JSON reads what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value)
      if (text.includes('__proto__')) return
      expect(JSON.stringify(parseStrictJson(text, { depth: 60 }))).toBe(text)
    }),
  )
})
