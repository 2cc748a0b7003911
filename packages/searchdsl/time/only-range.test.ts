import { describe, expect, it } from 'vitest'
import { parseSearch } from '../parse/search.ts'
import { onlyRangeOf, withOnlyRange } from './only-range.ts'

const fromMs = Date.UTC(2026, 2, 4, 6)
const toMs = Date.UTC(2026, 2, 4, 12)
const range = { fromMs, toMs }
const moved = { fromMs: fromMs - 4321, toMs: toMs - 4321 }
const iso = (ms: number) => new Date(ms).toISOString()

type Ends = { readonly fromMs: number; readonly toMs: number }
const inMs = ({ fromMs: gte, toMs: lte }: Ends) => ({ gte, lte, format: 'epoch_millis' })
const within = (bounds: object, field = '@timestamp') => ({ range: { [field]: bounds } })
const histogram = (more: object, field = '@timestamp') => ({
  t: { date_histogram: { field, fixed_interval: '30s', ...more } },
})
const bounded = ({ fromMs: min, toMs: max }: Ends) =>
  histogram({ extended_bounds: { min, max }, format: 'epoch_millis' })
const lucene = (query: string) => ({ query_string: { query, analyze_wildcard: true } })

/** Searches about one range, as a dashboard writes them about any. */
const searches: readonly (readonly [string, (ends: Ends) => object])[] = [
  ['numbers', (ends) => ({ query: within(inMs(ends)) })],
  [
    'digits',
    ({ fromMs, toMs }) => ({
      query: within({ gte: `${fromMs}`, lte: `${toMs}`, format: 'epoch_millis' }),
    }),
  ],
  ['numbers without a format', ({ fromMs: gte, toMs: lt }) => ({ query: within({ gte, lt }) })],
  ['texts', ({ fromMs, toMs }) => ({ query: within({ gt: iso(fromMs), lte: iso(toMs) }) })],
  [
    'texts beside milliseconds',
    ({ fromMs, toMs: lte }) => ({
      query: within({
        ...{ gte: iso(fromMs), lte },
        format: 'strict_date_optional_time||epoch_millis',
      }),
    }),
  ],
  ['older names', ({ fromMs: from, toMs: to }) => ({ query: within({ from, to }) })],
  [
    'a histogram with bounds, words and highlights',
    (ends) => ({
      query: { bool: { filter: [within(inMs(ends)), lucene('level:error')] } },
      aggs: { hosts: { terms: { field: 'host.name', min_doc_count: 0 }, aggs: bounded(ends) } },
      highlight: { fields: { '*': {} } },
      sort: [{ '@timestamp': 'desc' }, '_doc'],
    }),
  ],
  [
    'an annotation',
    (ends) => ({
      query: {
        bool: {
          filter: [{ bool: { should: [within(inMs(ends))], minimum_should_match: 1 } }],
        },
      },
    }),
  ],
  [
    'the same range in filters and in what must not be',
    (ends) => ({
      query: { bool: { must: within(inMs(ends)), must_not: within(inMs(ends)) } },
      aggs: { f: { filters: { filters: { a: within(inMs(ends)), b: lucene('x') } } } },
    }),
  ],
  [
    'another field of times',
    (ends) => ({
      query: within(inMs(ends), 'observed_timestamp'),
      aggs: histogram(
        { extended_bounds: { min: ends.fromMs, max: ends.toMs } },
        'observed_timestamp',
      ),
    }),
  ],
  [
    'numbers that are no times',
    (ends) => ({
      query: {
        bool: {
          filter: [
            within(inMs(ends)),
            within({ gte: 1, lt: 1_785_542_400_000 }, 'severity_number'),
            { term: { 'log.offset': 1_785_542_400_000 } },
            { exists: { field: '@timestamp' } },
          ],
        },
      },
    }),
  ],
]

describe('a search about one range', () => {
  it.each(searches)('%s', (_, about) => {
    const request = parseSearch(about(range))
    expect(onlyRangeOf(request)).toEqual(range)
    const later = withOnlyRange(request, moved)
    // Key by key, in the same order: equal searches are equal texts.
    expect(JSON.stringify(later)).toBe(JSON.stringify(parseSearch(about(moved))))
    expect(onlyRangeOf(later)).toEqual(moved)
    expect(JSON.stringify(withOnlyRange(later, range))).toBe(JSON.stringify(request))
  })

  it('may have no beginning', () => {
    const request = parseSearch({ query: within({ lte: toMs }) })
    expect(onlyRangeOf(request)).toEqual({ fromMs: undefined, toMs })
    const later = withOnlyRange(request, { fromMs: undefined, toMs: moved.toMs })
    expect(later).toEqual(parseSearch({ query: within({ lte: moved.toMs }) }))
  })
})

const plain = within(inMs(range))

describe('a search that names any other moment has none', () => {
  it.each<readonly [string, object]>([
    ['no range', { query: { match_all: {} } }],
    ['no end', { query: within({ gte: fromMs }) }],
    ['bounds without a range', { aggs: bounded(range) }],
    ['two ranges', { query: { bool: { filter: [plain, within(inMs(moved))] } } }],
    [
      'two ranges of two fields',
      { query: { bool: { filter: [plain, within(inMs(moved), 'observed_timestamp')] } } },
    ],
    [
      'its ends apart',
      { query: { bool: { filter: [within({ gte: fromMs }), within({ lte: toMs })] } } },
    ],
    ['two beginnings', { query: within({ gt: fromMs, gte: fromMs, lte: toMs }) }],
    [
      'another range in filters',
      { query: plain, aggs: { f: { filters: { filters: { a: within(inMs(moved)) } } } } },
    ],
    [
      'another range within Lucene',
      {
        query: {
          bool: { filter: [plain, lucene('@timestamp:[2026-03-04T00:00:00.000Z TO *]')] },
        },
      },
    ],
    ['other bounds', { query: plain, aggs: bounded(moved) }],
    ['bounds of a range without beginning', { query: within({ lte: toMs }), aggs: bounded(range) }],
    ['now', { query: within({ gte: 'now-6h', lte: 'now' }) }],
    [
      'now as the end alone',
      { query: within({ gte: fromMs, lte: 'now', format: 'epoch_millis' }) },
    ],
    [
      'now elsewhere',
      { query: { bool: { filter: [plain, within({ gte: 'now-1h' }, 'observed_timestamp')] } } },
    ],
    [
      'now as bounds',
      { query: plain, aggs: histogram({ extended_bounds: { min: 'now-6h', max: 'now' } }) },
    ],
    ['date math', { query: within({ gte: fromMs, lte: '2026-03-04T12:00:00.000Z||/m' }) }],
    ['a day', { query: within({ gte: '2026-03-04', lte: '2026-03-04' }) }],
    [
      'seconds',
      { query: within({ gte: 1_772_000_000, lte: 1_773_000_000, format: 'epoch_second' }) },
    ],
    [
      'a local time',
      { query: within({ gte: fromMs, lte: '2026-03-04T12:00:00.000', time_zone: '+01:00' }) },
    ],
    ['microseconds', { query: within({ gte: fromMs, lte: '2026-03-04T12:00:00.000001Z' }) }],
    ['parts of a millisecond', { query: within({ gte: fromMs, lte: toMs + 0.5 }) }],
    ['a moment', { query: { bool: { filter: [plain, { term: { '@timestamp': toMs } }] } } }],
    ['moments', { query: { bool: { filter: [plain, { terms: { '@timestamp': [toMs] } }] } } }],
    [
      'a moment to match',
      { query: { bool: { filter: [plain, { match: { '@timestamp': toMs } }] } } },
    ],
    [
      'a moment for records without one',
      { query: plain, aggs: histogram({ missing: toMs }, 'observed_timestamp') },
    ],
    [
      'a moment for the least of them',
      { query: plain, aggs: { m: { min: { field: 'observed_timestamp', missing: toMs } } } },
    ],
    [
      'bounds in buckets of numbers',
      {
        query: plain,
        aggs: {
          h: {
            histogram: {
              ...{ field: '@timestamp', interval: 60_000 },
              extended_bounds: { min: fromMs, max: toMs },
            },
          },
        },
      },
    ],
    ['search_after', { query: plain, sort: [{ '@timestamp': 'desc' }], search_after: [toMs] }],
    [
      'search_after of no moment',
      { query: plain, sort: [{ 'host.name': 'asc' }], search_after: ['a'] },
    ],
  ])('%s', (_, search) => {
    expect(onlyRangeOf(parseSearch(search))).toBeUndefined()
  })
})
