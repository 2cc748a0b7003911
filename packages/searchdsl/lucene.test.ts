import { describe, expect, test } from 'vitest'
import { SearchError } from './errors.ts'
import { compileMatcher } from './evaluate/matcher.ts'
import { PlainRecordView } from './evaluate/record-view.ts'
import { parseSearch } from './parse-search.ts'
import { searchTable } from './testing.ts'

const nowMs = Date.UTC(2026, 2, 6)

function parse(query: string, options: object = {}) {
  return parseSearch({ query: { query_string: { query, analyze_wildcard: true, ...options } } })
    .query
}

describe('the table that both log stores run', () => {
  const views = searchTable.records.map(
    (record, order) =>
      new PlainRecordView(
        { id: record.id, index: 'logs', order },
        { ...record, 'warren.tenant': 'acme' },
      ),
  )

  test.each(searchTable.cases)('$query', ({ query, ids }) => {
    expect(views.filter(compileMatcher(parse(query), nowMs)).map(({ id }) => id)).toEqual(ids)
  })
})

describe('what is outside the subset says why', () => {
  test.each([
    ['roam~', 'fuzziness'],
    ['"a b"~2', 'fuzziness'],
    ['*error', 'wildcard at the start'],
    ['host.name:?eb', 'wildcard at the start'],
    ['host.*:x', 'wildcard in the field name'],
    ['_index:x', 'field [_index]'],
    ['level:', 'unexpected end'],
    ['AND a', 'unexpected'],
    ['a AND', 'unexpected end'],
    ['(a', 'unexpected end'],
    ['a)', 'unexpected'],
    ['"a', 'unexpected ["]'],
    ['[a TO', 'unexpected [[]'],
    ['message:<b>&amp;</b>', 'unexpected [/]'],
    ['host.name:/a(b/', 'missing [)]'],
    ['host.name:/a~b/', 'operator [~]'],
    ['host.name:/?a/', 'missing argument'],
    ['host.name:/(a{999}){999}/', 'repeat'],
    ['host.name:/a**/', 'repetition of a repetition'],
    ['severity_number:x', 'For input string'],
    ['@timestamp:yesterday', 'failed to parse date'],
    ['attributes.path:*', undefined],
    ['attributes.path:/a/', 'not supported below'],
    ['attributes.status:>5', 'both an upper and a lower bound'],
    [`${'('.repeat(30)}a${')'.repeat(30)}`, 'nested deeper'],
  ])('%s', (query, reason) => {
    const run = () => parse(query)
    if (reason === undefined) return expect(run).not.toThrow()
    expect(run).toThrow(SearchError)
    expect(run).toThrow(reason)
  })

  test('a client that asks for leading wildcards gets them', () => {
    expect(parse('*error', { allow_leading_wildcard: true })).toMatchObject({ type: 'wildcard' })
  })
})

test('operators without precedence, as Lucene has them', () => {
  const leaf = (query: string) => ({ type: 'match', field: 'message', query, operator: 'or' })
  expect(parse('a AND b OR c')).toMatchObject({ must: [leaf('a'), leaf('b')], should: [leaf('c')] })
  expect(parse('a OR b AND c')).toMatchObject({ should: [leaf('a')], must: [leaf('b'), leaf('c')] })
  expect(parse('a b', { default_operator: 'AND' })).toMatchObject({
    must: [{ query: 'a' }, { query: 'b' }],
  })
})
