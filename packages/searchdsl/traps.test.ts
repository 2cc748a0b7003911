import { describe, expect, test } from 'vitest'
import { SearchError } from './errors.ts'
import { limits } from './limits.ts'
import { parseMsearch } from './parse/msearch.ts'
import { parseSearch, parseSearchText } from './parse/search.ts'
import { printSearch } from './print.ts'

function reasonOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof SearchError) return error.reason
    throw error
  }
  return 'accepted'
}

const one = { term: { a: 1 } }
const source = { source: 'x' }

describe('trap 2: a body cannot change its target or escape its query', () => {
  test.each([
    'pit',
    'scroll',
    'knn',
    'retriever',
    'rank',
    'sub_searches',
    'rescore',
    'suggest',
    'post_filter',
    'collapse',
    'indices_boost',
    'stats',
    'slice',
    'ext',
    'stored_fields',
    'min_score',
    'terminate_after',
    'query_rules',
  ])('[%s]', (key) => {
    expect(reasonOf(() => parseSearch({ [key]: { id: 'x' } }))).toContain(
      `[${key}] is not accepted`,
    )
  })

  test.each(['profile', 'explain', 'version'])('[%s] true', (key) => {
    expect(reasonOf(() => parseSearch({ [key]: true }))).toContain(`[${key}] is not accepted`)
  })
})

describe('trap 3: queries that read other documents or run code are refused by name', () => {
  test.each([
    'geo_shape',
    'percolate',
    'more_like_this',
    'pinned',
    'has_child',
    'has_parent',
    'parent_id',
    'nested',
    'script',
    'script_score',
    'function_score',
    'distance_feature',
    'wrapper',
    'template',
    'intervals',
    'simple_query_string',
    'rule',
    'ids',
    'knn',
    'fuzzy',
    'constant_score',
    'boosting',
    'dis_max',
    'multi_match',
    'semantic',
    'type',
  ])('[%s]', (type) => {
    expect(reasonOf(() => parseSearch({ query: { [type]: {} } }))).toContain(
      `query [${type}] is not accepted`,
    )
    const hidden = { bool: { must_not: { bool: { should: [{ [type]: {} }] } } } }
    expect(reasonOf(() => parseSearch({ query: hidden }))).toContain(
      `query [${type}] is not accepted`,
    )
    const inFilters = { aggs: { a: { filters: { filters: { x: { [type]: {} } } } } } }
    expect(reasonOf(() => parseSearch(inFilters))).toContain(`query [${type}] is not accepted`)
  })

  test('[terms] lookup', () => {
    const lookup = { terms: { user: { index: 'other', id: '1', path: 'followers' } } }
    expect(reasonOf(() => parseSearch({ query: lookup }))).toContain('lookup')
  })
})

describe('trap 4: aggregations that ignore the query or run code are refused by name', () => {
  test.each([
    'global',
    'significant_terms',
    'significant_text',
    'children',
    'parent',
    'nested',
    'reverse_nested',
    'top_hits',
    'scripted_metric',
    'composite',
    'diversified_sampler',
    'adjacency_matrix',
    'bucket_selector',
    'bucket_sort',
    'percentiles_bucket',
    'geohash_grid',
    'multi_terms',
    'rare_terms',
    'sampler',
    'frequent_item_sets',
  ])('[%s]', (type) => {
    const below = { a: { terms: { field: 'host.name' }, aggs: { b: { [type]: {} } } } }
    expect(reasonOf(() => parseSearch({ aggs: below }))).toContain(
      `aggregation [${type}] is not accepted`,
    )
  })
})

describe('trap 5: scripts are refused wherever they may stand', () => {
  test.each<[string, object]>([
    ['script_fields', { script_fields: { x: { script: source } } }],
    [
      'runtime_mappings',
      { runtime_mappings: { 'warren.tenant': { type: 'keyword', script: source } } },
    ],
    ['_script', { sort: { _script: { type: 'number', script: source } } }],
    ['script', { aggs: { a: { avg: { field: 'log.offset', script: '_value' } } } }],
    ['script', { aggs: { a: { terms: { field: 'node', script: source } } } }],
    [
      'script',
      {
        aggs: {
          a: { date_histogram: { field: '@timestamp', fixed_interval: '1m', script: source } },
        },
      },
    ],
    ['include', { aggs: { a: { terms: { field: 'node', include: '.*' } } } }],
    ['highlight_query', { highlight: { fields: { '*': {} }, highlight_query: one } }],
    ['matched_fields', { highlight: { fields: { message: { matched_fields: ['x'] } } } }],
  ])('%s in %j', (name, body) => {
    expect(reasonOf(() => parseSearch(body))).toContain(`[${name}]`)
  })
})

describe('trap 6: readings that two parsers may disagree on', () => {
  test.each([
    ['{"query":{"match_all":{}},"query":{"match_none":{}}}', 'duplicate key [query]'],
    ['{"query":{"term":{"a":1,"a":2}}}', 'duplicate key [a]'],
    ['{"__proto__":{"size":1}}', '__proto__'],
    ['\ufeff{}', 'byte order mark'],
    ['{"size":1,}', 'unexpected'],
    ["{'size':1}", 'unexpected'],
    ['{"size":1} {"size":2}', 'unexpected'],
    ['{"size":NaN}', 'unexpected'],
    ['{"size":01}', 'unexpected'],
    [`${'['.repeat(100)}${']'.repeat(100)}`, 'nested deeper'],
    ['{"aggs":{},"aggregations":{}}', 'both'],
  ])('%s', (text, reason) => {
    expect(reasonOf(() => parseSearchText(text))).toContain(reason)
  })
})

describe('trap 9: what costs too much is refused', () => {
  test('a bool nested too deep, too many clauses, too many patterns', () => {
    let deep: object = { match_all: {} }
    for (let at = 0; at < 22; at++) deep = { bool: { must: deep } }
    expect(reasonOf(() => parseSearch({ query: deep }))).toContain('nested deeper')
    const many = (count: number, query: object) => ({
      query: { bool: { should: Array(count).fill(query) } },
    })
    expect(reasonOf(() => parseSearch(many(1100, one)))).toContain('clauses')
    expect(reasonOf(() => parseSearch(many(51, { prefix: { a: 'x' } })))).toContain('wildcards')
  })

  test('too many hits', () => {
    expect(reasonOf(() => parseSearch({ size: 10_001 }))).toContain('Result window')
    expect(reasonOf(() => parseSearch({ size: 1, from: 10_000 }))).toContain('Result window')
  })
})

describe('traps 1 and 6: an _msearch body', () => {
  const bytes = (text: string) => Buffer.from(text)

  test('answers each search by itself, a refused one too', () => {
    const items = parseMsearch(
      bytes('{"index":"a"}\n{"size":0}\n{}\n{"pit":{"id":"x"}}\n\n{}\n'),
      'b,c-*',
    )
    expect(items).toMatchObject([
      { indices: ['a'] },
      {
        failure: {
          status: 400,
          error: {
            reason: '[pit] is not accepted in [search]: a point in time names its own indices',
          },
        },
      },
      { indices: ['b', 'c-*'] },
    ])
  })

  test.each([
    ['{"index":"a","indices":"b"}', 'both'],
    ['{"routing":"x"}', '[routing] is not accepted'],
    ['{"index":[1]}', '[index] must hold texts'],
    ['{"index":"a","index":"b"}', 'duplicate key'],
    ['{"scroll":"1m"}', '[scroll] is not accepted'],
    ['{"pit":{"id":"x"}}', '[pit] is not accepted'],
    ['{"project_routing":"x"}', '[project_routing] is not accepted'],
    ['{"__proto__":{"index":"b"}}', '__proto__'],
    ['[]', '[header] must be an object'],
  ])('header %s', (header, reason) => {
    const [item] = parseMsearch(bytes(`${header}\n{}\n`), undefined)
    expect(item && 'failure' in item && item.failure.error.reason).toContain(reason)
  })

  test('a carriage return ends no line and belongs to no value', () => {
    expect(parseMsearch(bytes('{"index":"a"}\r\n{"size":0}\r\n'), undefined)).toMatchObject([
      { indices: ['a'], request: { size: 0 } },
    ])
    expect(reasonOf(() => parseMsearch(bytes('{}\r{}\r'), undefined))).toContain('pairs of lines')
  })

  test('what says how to run a search is dropped: it chooses no data', () => {
    const header = {
      index: 'a',
      search_type: 'dfs_query_then_fetch',
      expand_wildcards: 'all',
      preference: '_only_nodes:x',
      ccs_minimize_roundtrips: true,
      max_concurrent_shard_requests: 256,
      allow_partial_search_results: true,
    }
    const [item] = parseMsearch(bytes(`${JSON.stringify(header)}\n{}\n`), undefined)
    expect(Object.keys(item ?? {})).toEqual(['indices', 'request'])
  })

  test('lists of indices in every spelling', () => {
    const indices = (header: string) => {
      const [item] = parseMsearch(bytes(`${header}\n{}\n`), 'url')
      return item && 'indices' in item ? item.indices : item
    }
    expect(indices('{"indices":["a,b","-c"]}')).toEqual(['a', 'b', '-c'])
    expect(indices('{"index":""}')).toEqual(['url'])
    expect(indices('{"index":"<logs-{now/d{yyyy,MM}}>,x"}')).toEqual([
      '<logs-{now/d{yyyy,MM}}>',
      'x',
    ])
  })

  test('a byte order mark, bad UTF-8, a missing search', () => {
    expect(reasonOf(() => parseMsearch(bytes('\ufeff{}\n{}\n'), undefined))).toContain(
      'byte order mark',
    )
    expect(reasonOf(() => parseMsearch(Uint8Array.of(0xff, 10, 10), undefined))).toContain('UTF-8')
    expect(reasonOf(() => parseMsearch(bytes('{}\n'), undefined))).toContain('pairs of lines')
  })
})

test('trap 9: the printed search has no time of the caller’s, a bound of hits and of what is counted', () => {
  const printed = (body: object) => printSearch(parseSearch(body))
  const timed = printed({ timeout: '1h', track_total_hits: true })
  expect(timed).not.toHaveProperty('timeout')
  expect(timed).toMatchObject({
    size: 10,
    track_total_hits: limits.trackedHits,
  })
  expect(
    printed({ sort: [], highlight: { fields: { '*': { fragment_size: 9e9 } } } }),
  ).toMatchObject({ highlight: { number_of_fragments: 0 }, sort: [{ _doc: { order: 'asc' } }] })
})

test('trap 9: an order has few fields, each costs a value for every match', () => {
  const sort = new Array(33).fill('@timestamp')
  expect(reasonOf(() => parseSearch({ sort }))).toBe('more than 32 fields in [sort]')
  expect(reasonOf(() => parseSearch({ sort: sort.slice(1) }))).toBe('accepted')
})
