import { expect, test } from 'vitest'
import { parseSearch } from '../../parse/search.ts'
import { requiredTerms, requiredValues, timeRangeOf } from './prune.ts'

const nowMs = Date.UTC(2026, 2, 6)

function lucene(query: string) {
  const range = { range: { '@timestamp': { gte: 1000, lt: 'now', format: 'epoch_millis' } } }
  const text = { query_string: { query, analyze_wildcard: true } }
  return parseSearch({ query: { bool: { filter: [range, text] } } }).query
}

test.each<[string, readonly string[]]>([
  ['Refused', ['refused']],
  ['foo-bar', []],
  ['"Foo-bar baz"', ['foo', 'bar', 'baz']],
  ['a AND b', ['a', 'b']],
  ['a OR b', []],
  ['a NOT b', ['a']],
  ['+a -b', ['a']],
  ['conn* AND r?fused', ['conn', 'fused']],
  ['NOT a', []],
  ['log.level:error', []],
])('texts that every match of %s contains', (query, terms) => {
  expect(requiredTerms(lucene(query))).toEqual(terms)
})

test('bounds on time and keyword values', () => {
  expect(timeRangeOf(lucene('a'), nowMs)).toEqual({ minMs: 1000, maxMs: nowMs - 1 })
  expect(timeRangeOf(parseSearch({}).query, nowMs)).toEqual({ minMs: -Infinity, maxMs: Infinity })
  const values = requiredValues(lucene('log.level:error AND host.name:"a" AND (node:x OR node:y)'))
  expect([...values]).toEqual([
    ['log.level', ['error']],
    ['host.name', ['a']],
    ['node', ['x', 'y']],
  ])
})
