import { describe, expect, it } from 'vitest'
import { toSearchFailure } from './errors.ts'
import { parseMsearch } from './parse-msearch.ts'
import { parseSearch } from './parse-search.ts'

const many = (count: number, make: (n: number) => unknown) =>
  Array.from({ length: count }, (_, n) => make(n))
const field = 'log.offset'
const histogram = (more: object) => ({
  date_histogram: { field: '@timestamp', fixed_interval: '1h', ...more },
})
const regexp = (value: string) => ({ query: { regexp: { message: value } } })

it.each<[string, object, RegExp]>([
  [
    'percents',
    { aggs: { 1: { percentiles: { field, percents: many(101, (n) => n / 2) } } } },
    /100 entries in \[percents\]/,
  ],
  [
    'metrics',
    { aggs: { 1: { top_metrics: { metrics: many(101, () => ({ field })), sort: '@timestamp' } } } },
    /100 entries in \[metrics\]/,
  ],
  [
    'orders',
    { aggs: { 1: { terms: { field, order: many(33, () => ({ _key: 'asc' })) } } } },
    /32 entries in \[order\]/,
  ],
  [
    'highlights',
    { highlight: { fields: Object.fromEntries(many(101, (n) => [`f${n}`, {}]) as never) } },
    /100 fields in \[highlight\]/,
  ],
  ['repetitions', regexp('a{999}'.repeat(5)), /4000 characters with its repetitions/],
  ['repeated groups', regexp('(b|(c{9}){9}d){99}'), /4000 characters with its repetitions/],
  [
    'words in a row',
    { query: { match_phrase: { message: 'a '.repeat(4097) } } },
    /^\[match_phrase\] with more than 4096 words is not accepted; the first of them will do$/,
  ],
  [
    'words in a row, as Lucene',
    { query: { query_string: { query: `message:"${'a '.repeat(4097)}"` } } },
    /more than 4096 words/,
  ],
  [
    'words',
    { query: { match: { message: 'a '.repeat(4097) } } },
    /^\[match\] with more than 4096 words/,
  ],
  [
    'bounds',
    { aggs: { 1: histogram({ extended_bounds: { min: -1e300, max: 0 } }) } },
    /out of range/,
  ],
  [
    'an offset',
    { aggs: { 1: histogram({ offset: '+99999999999d' }) } },
    /\[offset\] is out of range/,
  ],
  [
    'names of JavaScript',
    { aggs: { 1: { toString: {} } } },
    /^aggregation \[toString\] is not accepted$/,
  ],
])('refuses %s beyond measure', (_, body, reason) => {
  expect(() => parseSearch(body)).toThrow(reason)
})

it('takes long lines as phrases', () => {
  const line = 'at com.example.Main.run(Main.java:12) '.repeat(1000)
  expect(() => parseSearch({ query: { match_phrase: { message: line } } })).not.toThrow()
  expect(() => parseSearch({ query: { term: { 'host.name': 'a '.repeat(5000) } } })).not.toThrow()
})

it('takes repetitions that people write', () => {
  const ip = '[0-9]{1,3}(\\.[0-9]{1,3}){3}:[0-9]{2,5} [a-f0-9]{8}-([a-f0-9]{4}-){3}[a-f0-9]{12}'
  expect(() => parseSearch(regexp(ip))).not.toThrow()
  expect(() => parseSearch(regexp('a{999}'.repeat(4)))).not.toThrow()
})

describe('the regular expressions of a body', () => {
  const optional = (letter: string) => `(${letter}?b?c?d?e?f?){150}`
  const bodyOf = (searches: readonly (readonly string[])[]) =>
    Buffer.from(
      searches
        .map((values) => {
          const should = values.map((value) => ({
            regexp: { message: { value, case_insensitive: true } },
          }))
          return `{}\n${JSON.stringify({ query: { bool: { should } } })}\n`
        })
        .join(''),
    )
  const refusedOf = (searches: readonly (readonly string[])[]) =>
    parseMsearch(bodyOf(searches), undefined).flatMap((item) =>
      'failure' in item ? [item.failure.error.reason] : [],
    )

  it('are so long together at most, in whichever of its searches', () => {
    const letters = [...'aghijklmnopq']
    expect(refusedOf([letters.slice(0, 6).map(optional)])).toEqual([])
    const tooLong = expect.stringMatching(/of a body are longer than 16384 characters together/)
    expect(refusedOf([letters.map(optional)])).toEqual([tooLong])
    expect(refusedOf(letters.map((letter) => [optional(letter)]))).toEqual(
      Array(letters.length - 6).fill(tooLong),
    )
  })

  it('count once where searches have them in common, as panels have a variable', () => {
    expect(refusedOf(Array(100).fill([optional('a'), optional('g')]))).toEqual([])
  })

  it('are not compiled past that, nor where a pattern is too long or one too many', () => {
    const started = performance.now()
    const all = many(100, (n) => many(50, (m) => optional(`(${n}|${m})`))) as string[][]
    expect(refusedOf(all)).toHaveLength(100)
    const long = '(a?b?c?d?)'.repeat(390)
    expect(refusedOf(many(50, (n) => [`${n}${long}`]) as string[][])).toHaveLength(50)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

it('counts searches before it reads them', () => {
  const reason = /more than 100 searches/
  expect(() => parseMsearch(Buffer.from('\n'.repeat(4e6)), undefined)).toThrow(reason)
  expect(() => parseMsearch(Buffer.from('{}\n'.repeat(201)), undefined)).toThrow(reason)
  expect(parseMsearch(Buffer.from('{}\n{}\n'.repeat(100)), undefined)).toHaveLength(100)
  expect(parseMsearch(Buffer.from(`${'{}\n{}\n'.repeat(99)}{}\n{}`), undefined)).toHaveLength(100)
})

it('quotes the start of what was sent', () => {
  const { error } = toSearchFailure({ type: 'x', reason: 'y'.repeat(5000), status: 400 })
  expect(error.reason).toMatch(/^y{1000}… \(5000 characters\)$/)
  expect(error.root_cause[0]?.reason).toBe(error.reason)
})
