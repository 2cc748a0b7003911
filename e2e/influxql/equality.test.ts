import { expect, test } from 'vitest'
import { compareBodies } from './equality.ts'

const body = (columns: string, ...rows: string[]): string => {
  const names = JSON.stringify(columns.split(' '))
  return `{"results":[{"statement_id":0,"series":[{"name":"m","columns":${names},"values":[${rows.join(',')}]}]}]}\n`
}

interface Pair {
  readonly query: string
  readonly columns: string
  readonly ours: string
  readonly theirs: string
}

const asked =
  (query: string, columns: string) =>
  (ours: string, theirs: string): Pair => ({ query, columns, ours, theirs })

const many = asked('SELECT mean(v), max(v), count(v) FROM m', 'time mean max count')
const one = asked('SELECT sum(v) FROM m', 'time sum')
const raw = asked('SELECT v FROM m', 'time v')

test.each<[string, Pair, string]>([
  ['last digits of a mean', many('[1,0.30000000000000004,1,3]', '[1,0.3,1,3]'), 'near'],
  ['a mean', many('[1,0.30001,1,3]', '[1,0.3,1,3]'), 'different'],
  ['a time', many('[1000000000001,0.3,1,3]', '[1000000000000,0.3,1,3]'), 'different'],
  ['a maximum beside', many('[1,9.5,99.50000000000001,3]', '[1,9.5,99.5,3]'), 'different'],
  ['a count beside', many('[1,9.5,1,1000000000000]', '[1,9.5,1,1000000000001]'), 'different'],
  ['last digits of a large sum', one('[1,7387140902873114000]', '[1,7387140902873116000]'), 'near'],
  ['a sum of integers', one('[1,9007199254740993]', '[1,9007199254740000]'), 'different'],
  ['a small sum beside a large', one('[1,2e-7],[2,5.5]', '[1,9e-7],[2,5.5]'), 'different'],
  ['null', one('[1,null]', '[1,0]'), 'different'],
  ['a text', one('[1,"a"]', '[1,"b"]'), 'different'],
  ['nothing', one('[1,0.1]', '[1,0.1]'), 'same'],
  ['fewer rows', one('[1,0.1]', '[1,0.1],[2,0.1]'), 'different'],
  ['raw values', raw('[1,0.1]', '[1,0.10000000000000002]'), 'different'],
])('%s', (_, { query, columns, ours, theirs }, expected) => {
  expect(compareBodies(query, body(columns, ours), body(columns, theirs))).toBe(expected)
})

test('a number elsewhere than in a cell is the same', () => {
  const statements = (id: number) => `{"results":[{"statement_id":${id}}]}\n`
  expect(compareBodies('SELECT sum(v) FROM m', statements(0), statements(1))).toBe('different')
})
