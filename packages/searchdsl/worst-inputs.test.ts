import { describe, expect, it } from 'vitest'
import { toSearchFailure } from './errors.ts'
import { parseMsearch } from './parse/msearch.ts'
import { parseSearch, parseSearchText } from './parse/search.ts'

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
    'a moment to go on after',
    { sort: [{ '@timestamp': 'desc' }], search_after: [1e20] },
    /\[search_after\] is out of range: \[100000000000000000000\]/,
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

describe('a body', () => {
  const refusedOf = (lines: readonly string[]) =>
    parseMsearch(Buffer.from(lines.map((line) => `{}\n${line}\n`).join('')), undefined).flatMap(
      (item) => ('failure' in item ? [item.failure.error.reason] : []),
    )
  const text = (query: string, more: object = {}) =>
    JSON.stringify({ query: { query_string: { query, ...more } } })
  const answersWithin = (text: string, ms: number, reason: RegExp | undefined) => {
    const started = performance.now()
    const [found] = refusedOf([text])
    if (reason === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(reason)
    expect(performance.now() - started).toBeLessThan(ms)
  }

  it('has so many words and operators of query texts at most, in whichever of its searches', () => {
    const reason = /more than 300000 words and operators in the query texts of one body/
    expect(refusedOf([text('- '.repeat(300_001))])).toEqual([expect.stringMatching(reason)])
    const each = text('- '.repeat(10_000))
    expect(refusedOf(Array(29).fill(each))).toEqual([])
    expect(refusedOf(Array(40).fill(each)).length).toBeGreaterThanOrEqual(10)
  })

  it('may have ten thousand values in each of its query texts, and in filters', () => {
    const values = many(10_000, (n) => `"host-${n}"`)
    const or = text(`host.name:(${values.join(' OR ')})`)
    const filter = JSON.stringify({ query: { terms: { 'host.name': values } } })
    expect(refusedOf([...Array(10).fill(or), ...Array(10).fill(filter)])).toEqual([])
  })

  it('has so many values of JSON at most', () => {
    const reason = /more than 300000 values in the JSON of one body/
    answersWithin(`{"sort":[${'{},'.repeat(1_300_000)}{}]}`, 1000, reason)
    const each = JSON.stringify({ query: { terms: { 'host.name': Array(20_000).fill(1) } } })
    expect(refusedOf(Array(14).fill(each))).toEqual([])
    expect(refusedOf(Array(20).fill(each))).toHaveLength(6)
    expect(() => parseSearchText(`{"sort":[${'{},'.repeat(300_000)}{}]}`)).toThrow(reason)
  })

  it('is not read through to learn whether a text has a word, or for a pattern that is too long', () => {
    const tooMany = /more than 4096 words/
    answersWithin(text('漢'.repeat(340_000)), 1000, tooMany)
    answersWithin(text(`"${'漢'.repeat(340_000)}"`), 1000, tooMany)
    const tooLong = /a pattern longer than 1000 characters/
    answersWithin(text(`${'漢'.repeat(340_000)}*`, { analyze_wildcard: true }), 1000, tooLong)
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
