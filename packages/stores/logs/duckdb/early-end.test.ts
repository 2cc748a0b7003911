import { parseSearch } from '@warren/searchdsl/parse/search'
import { expect, test } from 'vitest'
import { EarlyEnd } from './early-end.ts'

const newestFirst = [{ '@timestamp': { order: 'desc' } }]
const of = (body: object) => EarlyEnd.of(parseSearch({ sort: newestFirst, ...body }))

test.each([
  { aggs: { a: { terms: { field: 'host.name' } } } },
  { search_after: [1] },
  { track_total_hits: true },
  { sort: [{ 'host.name': { order: 'asc' } }] },
  { sort: [] },
])('every match counts with %j', (body) => expect(of(body)).toBeUndefined())

test('ends once the page is complete and the total beyond its limit', () => {
  const end = of({ size: 2, track_total_hits: 3 })
  for (let match = 0; match < 5; match++) end?.addMatch()
  // Newer ones may be among those of the same stretch that are still to come.
  expect(end?.isReached).toBe(false)
  end?.endStretch()
  expect(end?.isReached).toBe(true)
})

test('without hits only the total counts', () => {
  const end = of({ size: 0, track_total_hits: 1, sort: [] })
  end?.addMatch()
  expect(end?.isReached).toBe(false)
  end?.addMatch()
  expect(end?.isReached).toBe(true)
})

test.each([
  [newestFirst, ['time >= 631000000 AND time < 641000000', 'time >= 1000000 AND time < 481000000']],
  [
    [{ '@timestamp': { order: 'asc' } }],
    ['time >= 1000000 AND time < 11000000', 'time >= 161000000 AND time < 641000000'],
  ],
])('stretches hold each millisecond once, those of the page first', (sort, [first, last]) => {
  const stretches = of({ sort })?.stretches({ minMs: 1, maxMs: 640 }) ?? []
  expect(stretches.at(0)).toContain(first)
  expect(stretches.at(-1)).toContain(last)
})
