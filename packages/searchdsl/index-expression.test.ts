import { expect, test } from 'vitest'
import { resolveIndices } from './index-expression.ts'
import { parseMsearch, toExpressions } from './parse/msearch.ts'

const own = ['logs-warren.app-acme', 'logs-warren.nginx-acme', 'logs-2026.03.04']
const nowMs = Date.UTC(2026, 2, 4, 23, 30)

test.each<[readonly string[], readonly number[]]>([
  [[], [0, 1, 2]],
  [['_all'], [0, 1, 2]],
  [['*'], [0, 1, 2]],
  [[''], [0, 1, 2]],
  [['logs-*'], [0, 1, 2]],
  [['warren-logs'], [0, 1, 2]],
  [['logs-warren.app-acme'], [0]],
  [['logs-warren.*'], [0, 1]],
  [['logs-warren.*', '-*nginx*'], [0]],
  [['-*nginx*'], []],
  [['logs-warren.app-other'], []],
  [['remote:logs-*'], []],
  [['.security', '.ds-*'], []],
  [['nothing', 'logs-warren.nginx-acme'], [1]],
  [['<logs-{now/d}>'], [2]],
  [['<logs-{now/d{yyyy.MM.dd|+02:00}}>'], []],
  [['<logs-{now-1d/d}>'], []],
  [['<logs-{broken>'], []],
  [['../secret'], []],
])('%j', (expressions, found) => {
  expect(resolveIndices(expressions, own, nowMs)).toEqual(found.map((at) => own[at]))
})

test.each([
  ['a, b-*,-b-old,', ['a', 'b-*', '-b-old']],
  ['<logs-{now/d{yyyy,MM}}>,b', ['<logs-{now/d{yyyy,MM}}>', 'b']],
  ['a<b,c', ['a<b', 'c']],
  ['a>b,c', ['a>b', 'c']],
  ['<a,<b>,c', ['<a,<b>', 'c']],
  ['', []],
])('%s is parted', (text, parts) => {
  expect(toExpressions(text)).toEqual(parts)
})

test('a long row of what never closes is read once', () => {
  const text = '<'.repeat(2_000_000)
  const started = performance.now()
  expect(toExpressions(text)).toEqual([text])
  expect(performance.now() - started).toBeLessThan(2000)
})

test('very many expressions are refused', () => {
  expect(() => resolveIndices(new Array(1001).fill('a'), own, nowMs)).toThrow('more than 1000')
})

test('of a long text no date is worked out', () => {
  const started = performance.now()
  expect(resolveIndices([`<${'{now}'.repeat(780_000)}>`], own, nowMs)).toEqual([])
  expect(performance.now() - started).toBeLessThan(200)
})

test('very many dates of one search are refused', () => {
  const dates = (count: number) => Array(count).fill(`<${'{now/d}-{now-1d}'}>`)
  expect(resolveIndices(dates(50), own, nowMs)).toEqual([])
  expect(() => resolveIndices(dates(51), own, nowMs)).toThrow('more than 100 dates')
})

test('what has too many expressions is not parted to its end, nor for each search again', () => {
  expect(toExpressions('a,'.repeat(2_000_000))).toHaveLength(1001)
  const started = performance.now()
  const path = `${'a,'.repeat(1000)}<${'b'.repeat(1_000_000)}`
  const items = parseMsearch(Buffer.from('{}\n{}\n'.repeat(100)), path)
  expect(items.every((item) => 'indices' in item && item.indices.length === 1001)).toBe(true)
  expect(performance.now() - started).toBeLessThan(500)
})
