import { expect, test } from 'vitest'
import { createCollector } from '../evaluate/collector.ts'
import { printSearch } from '../print.ts'
import { parseSearch } from './search.ts'

const nowMs = Date.parse('2026-03-31T10:20:30Z')
const parse = (aggregation: object) => parseSearch({ size: 0, aggs: { 1: aggregation } })
const days = (options: object) =>
  parse({ date_histogram: { field: '@timestamp', fixed_interval: '1d', ...options } })

test.each([
  [0.5, '0ms'],
  [-0.5, '0ms'],
  [3_600_000.7, '3600000ms'],
  [-1.5, '-1ms'],
  ['-30m', '-1800000ms'],
])('an offset of %j is one of whole milliseconds', (offset, printed) => {
  expect(printSearch(days({ offset }))).toMatchObject({
    aggs: { 1: { date_histogram: { offset: printed } } },
  })
})

const bounds = (min: unknown, max: unknown) => ({ extended_bounds: { min, max } })

test.each([
  [bounds('2026-04-05', '2026-03-20')],
  [bounds(nowMs + 1, nowMs)],
  [bounds('now', 'now-1d')],
  [bounds('now', '2026-03-01')],
  [{ ...bounds('2026-03-20T10:00:00Z', '2026-03-20T09:00:00Z'), min_doc_count: 1 }],
])('%j are no bounds of days', (options) => {
  expect(() => createCollector(days(options), nowMs)).toThrow('cannot be greater than')
})

test.each([[bounds('2026-03-20', '2026-03-20')], [bounds('2026-03-01', 'now')]])(
  '%j are bounds of days',
  (options) => {
    expect(() => createCollector(days(options), nowMs)).not.toThrow()
  },
)

test('bounds of numbers that are the wrong way round', () => {
  const numbers = (min: number, max: number) => () =>
    parse({ histogram: { field: 'severity_number', interval: 5, ...bounds(min, max) } })
  expect(numbers(33, -7)).toThrow('cannot be greater than')
  expect(numbers(5, 5)).not.toThrow()
})

test('a format that has no time reads no time in bounds or for a missing date', () => {
  const format = 'yyyy-MM-dd'
  const at = '2026-03-27T10:00:00Z'
  expect(() => days({ format, ...bounds(at, '2026-03-28') })).toThrow('failed to parse date')
  expect(() => days({ format, missing: at })).toThrow('failed to parse date')
})
