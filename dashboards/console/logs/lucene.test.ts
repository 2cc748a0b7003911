import { expect, it } from 'vitest'
import { withFilter } from './lucene.ts'

it.each([
  ['', { field: 'host.name', value: 'a', not: false }, 'host.name:"a"'],
  ['error', { field: 'log.level', value: 'warn', not: true }, 'error AND NOT log.level:"warn"'],
  ['a OR b', { field: 'x', value: 'q"\\', not: false }, '(a OR b) AND x:"q\\"\\\\"'],
  ['x:"1"', { field: 'x', value: '1', not: false }, 'x:"1"'],
])('adds to %j', (text, filter, expected) => {
  expect(withFilter(text, filter)).toBe(expected)
})
