import { expect, test } from 'vitest'
import { parseSearch } from './parse/search.ts'
import { printSearch } from './print.ts'
import { scopeSearch } from './scope.ts'

test('traps 4 and 6: the scope stands above whatever the query says', () => {
  const query = {
    bool: {
      should: [{ match_all: {} }, { term: { 'warren.tenant': 'other' } }],
      minimum_should_match: 0,
    },
  }
  const aggs = {
    a: {
      filters: { filters: { x: { match_all: {} } } },
      aggs: { t: { terms: { field: 'node', min_doc_count: 0 } } },
    },
  }
  const printed = printSearch(scopeSearch(parseSearch({ query, aggs }), { tenant: 'acme' }))
  expect(printed).toMatchObject({
    query: { bool: { filter: [{ term: { 'warren.tenant': { value: 'acme' } } }, {}] } },
    aggs: { a: { aggs: { t: { terms: { min_doc_count: 1 } } } } },
  })
})

test('a grant is a lock beside the tenant, and no grant finds nothing', () => {
  const filters = (deployments?: readonly string[]) =>
    printSearch(
      scopeSearch(parseSearch({}), {
        tenant: 'acme',
        ...(deployments === undefined ? {} : { deployments }),
      }),
    )
  const tenant = { term: { 'warren.tenant': { value: 'acme' } } }
  expect(filters(['a', 'b'])).toMatchObject({
    query: { bool: { filter: [tenant, { terms: { deployment: ['a', 'b'] } }, { match_all: {} }] } },
  })
  expect(filters([])).toMatchObject({
    query: { bool: { filter: [tenant, { terms: { deployment: [] } }, { match_all: {} }] } },
  })
  expect(filters()).toMatchObject({ query: { bool: { filter: [tenant, { match_all: {} }] } } })
})

test('the scope is not marked: nobody searched for its words', () => {
  const request = parseSearch({
    query: { term: { 'log.level': 'error' } },
    highlight: { fields: { '*': {} } },
  })
  const own = { term: { 'log.level': { value: 'error' } } }
  expect(printSearch(scopeSearch(request, { tenant: 'acme' }))).toMatchObject({
    highlight: { highlight_query: own },
  })
  expect(printSearch(request)).not.toHaveProperty('highlight.highlight_query')
})
