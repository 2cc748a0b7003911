import { expect, test } from 'vitest'
import type { SearchSuccess } from './answer.ts'
import { parseSearch } from './parse/search.ts'
import { withoutPlaces } from './places.ts'
import { printSearch } from './print.ts'
import { scopeSearch } from './scope.ts'

const granted = { tenant: 'acme', deployments: ['shop'] }
const byTime = [{ '@timestamp': 'desc' }, { _doc: 'desc' }]

const answerOf = (sort: readonly (string | number)[]): SearchSuccess => ({
  ...{ took: 1, timed_out: false, status: 200 },
  _shards: { total: 7, successful: 7, skipped: 2, failed: 0 },
  hits: { max_score: null, hits: [{ _index: 'logs', _id: 'x', _score: null, sort }] },
})

test('who may see some records only is not told their places', () => {
  const request = parseSearch({ sort: byTime })
  expect(printSearch(scopeSearch(request, granted))).toMatchObject({
    sort: [{ '@timestamp': {} }],
  })
  const answer = withoutPlaces(answerOf(['2026-01-01']), request)
  expect(answer).toMatchObject({
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
    hits: { hits: [{ sort: ['2026-01-01', 0] }] },
  })
  expect(withoutPlaces(answerOf([12]), parseSearch({}))).toMatchObject({
    hits: { hits: [{ sort: [0] }] },
  })
  expect(printSearch(scopeSearch(request, { tenant: 'acme' }))).toMatchObject({
    sort: [{ '@timestamp': {} }, { _doc: {} }],
  })
})

test('a search goes on after all records of the time that it names', () => {
  const request = parseSearch({ sort: byTime, search_after: ['2026-01-01T00:00:00Z', 0] })
  expect(printSearch(scopeSearch(request, granted))).toMatchObject({
    search_after: ['2026-01-01T00:00:00Z'],
  })
})

test('what cannot be asked without places is refused', () => {
  const top = { top_metrics: { metrics: { field: 'severity_number' }, sort: { _doc: 'asc' } } }
  for (const body of [{ aggs: { x: top } }, { sort: ['_doc'], search_after: [5] }])
    expect(() => scopeSearch(parseSearch(body), granted)).toThrow('with grants')
})
