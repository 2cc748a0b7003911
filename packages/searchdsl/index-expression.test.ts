import { expect, test } from 'vitest'
import { resolveIndices } from './index-expression.ts'
import { toExpressions } from './parse-msearch.ts'

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
