import { describe, expect, test } from 'vitest'
import { SearchError } from './errors.ts'
import { compileMatcher } from './evaluate/match/matcher.ts'
import { PlainRecordView } from './evaluate/record-view.ts'
import { parseSearch } from './parse/search.ts'
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
    ['host.name:/(a{999}){999}/', 'repetitions'],
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

test('a sign is a bound, with a field and without', () => {
  expect(parse('severity_number:>=5')).toMatchObject({ type: 'range', gte: '5' })
  expect(parse('\\<1')).toMatchObject({ type: 'range', field: 'message', lt: '1' })
  expect(parse('>')).toEqual({ type: 'match_none' })
})

test('operators without precedence, as Lucene has them', () => {
  const leaf = (query: string) => ({ type: 'match', field: 'message', query, operator: 'or' })
  expect(parse('a AND b OR c')).toMatchObject({ must: [leaf('a'), leaf('b')], should: [leaf('c')] })
  expect(parse('a OR b AND c')).toMatchObject({ should: [leaf('a')], must: [leaf('b'), leaf('c')] })
  expect(parse('a b', { default_operator: 'AND' })).toMatchObject({
    must: [{ query: 'a' }, { query: 'b' }],
  })
})

describe('words in a row are one value of a field that is no text', () => {
  const host = { default_field: 'host.name' }
  const value = (query: string) => ({ type: 'match', field: 'host.name', query })
  test.each<[string, object, object]>([
    ['a b', host, value('a b')],
    ['a\tb\u3000 c', host, value('a b c')],
    ['host.name:(a \\- b)', {}, value('a - b')],
    ['a b', { ...host, default_operator: 'AND' }, value('a b')],
    ['a b c^2', host, { values: ['a b', 'c'] }],
    ['a b NOT c', host, { should: [value('a b')], mustNot: [value('c')] }],
    ['a b - c', host, { values: ['a b', '-', 'c'] }],
    ['a b message:c', host, { should: [value('a b'), { field: 'message' }] }],
    ['>a b', host, { type: 'range', gt: 'a b' }],
    ['b >a', host, value('b >a')],
    ['NOT a b c', host, { mustNot: [value('a')], should: [value('b c')] }],
  ])('%s', (query, options, expected) => {
    expect(parse(query, options)).toMatchObject(expected)
  })

  test('of text too when one of them looks like a bound, which only the first can be', () => {
    const words = (query: string) => ({ type: 'match', field: 'message', query })
    expect(parse('a \\<1 b')).toMatchObject(words('a <1 b'))
    expect(parse('a AND b >c')).toMatchObject({
      must: [words('a'), words('b')],
      should: [{ type: 'range', field: 'message', gt: 'c' }],
    })
    expect(parse('>a b c')).toMatchObject({ type: 'range', field: 'message', gt: 'a b c' })
    expect(parse('a b')).toMatchObject({ should: [words('a'), words('b')] })
  })

  test('and so no number and no date', () => {
    expect(() => parse('severity_number:(5 6)')).toThrow('For input string: "5 6"')
    expect(() => parse('@timestamp:(2026-03-27 2026-03-28)')).toThrow('failed to parse date')
  })
})

test('a lone star asks for the default field, and for everything where it is the message', () => {
  expect(parse('*')).toEqual({ type: 'match_all' })
  expect(parse('*', { default_field: '*' })).toEqual({ type: 'match_all' })
  expect(parse('*', { default_field: 'node' })).toEqual({ type: 'exists', field: 'node' })
})

const list = (count: number, join: string, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join(join)

test('values of one field are one clause: a variable has hundreds', () => {
  expect(parse(`host.name:(${list(300, ' OR ', (n) => `"h${n}"`)}) AND error`)).toMatchObject({
    must: [{ type: 'terms', field: 'host.name', values: { length: 300 } }, { query: 'error' }],
  })
  expect(parse('NOT node:a NOT node:b error')).toMatchObject({
    should: [{ query: 'error' }],
    mustNot: [{ type: 'terms', field: 'node', values: ['a', 'b'] }],
  })
  expect(parse('node:a node:b host.name:c d e')).toMatchObject({
    should: [{ values: ['a', 'b'] }, { field: 'host.name' }, { query: 'd' }, { query: 'e' }],
  })
})

test('ten thousand values are one clause too, and an error names the start of a long text only', () => {
  const all = `host.name:(${list(10_000, ' OR ', (n) => `"host-${n}.example.com"`)})`
  expect(parse(`${all} AND error`)).toMatchObject({
    must: [{ type: 'terms', field: 'host.name', values: { length: 10_000 } }, { query: 'error' }],
  })
  expect(() => parse(all.replaceAll(' OR ', ' AND '))).toThrow('more than 50 clauses')
  expect(() => parse(list(60_000, ' OR ', (n) => `x:${n}`))).not.toThrow()
  expect(() => parse(list(70_000, ' OR ', (n) => `x:${n}`))).toThrow('more than 65536 values')
  expect(() => parse(list(1100, ' OR ', (n) => `w${n}`))).toThrow('more than 1024 clauses')
  const failing = () => parse(`${all} )`)
  expect(failing).toThrow(/^.{300,400}$/)
})

test('a text has at most 50 clauses and 20 levels', () => {
  expect(() => parse(list(50, ' ', (n) => `w${n}`))).not.toThrow()
  expect(() => parse(list(51, ' ', (n) => `w${n}`))).toThrow('more than 50 clauses')
  expect(() => parse(list(51, ' OR ', (n) => `severity_number:>${n}`))).toThrow('50 clauses')
  const deep = (levels: number) => `${'('.repeat(levels)}a${')'.repeat(levels)}`
  expect(() => parse(deep(20))).not.toThrow()
  expect(() => parse(deep(21))).toThrow('nested deeper')
})
