import { expect, it } from 'vitest'
import { costOfSearch } from './cost.ts'
import { parseSearch } from './parse/search.ts'

const nowMs = Date.UTC(2024, 0, 31)
const dayMs = 86_400_000
const range = (ms: number) => ({
  range: { '@timestamp': { gte: nowMs - ms, lte: nowMs, format: 'epoch_millis' } },
})
const cost = (body: object) => costOfSearch(parseSearch(body), { nowMs })

it('multiplies the sizes of terms, the windows of histograms and their metrics', () => {
  const histogram = (interval: string) => ({
    date_histogram: { field: '@timestamp', fixed_interval: interval, min_doc_count: 0 },
    aggs: { 1: { avg: { field: 'severity_number' } }, 5: { cardinality: { field: 'host.name' } } },
  })
  const aggs = (interval: string) => ({
    3: { terms: { field: 'host.name', size: 10 }, aggs: { 2: histogram(interval) } },
  })
  const hour = { size: 0, query: { bool: { filter: [range(3_600_000)] } } }
  const minutes = cost({ ...hour, aggs: aggs('1m') })
  expect(minutes).toMatchObject({ rangeMs: 3_600_000, buckets: 10 + 610, values: 5 * 610, hits: 0 })
  expect(cost({ ...hour, aggs: aggs('1s') }).units).toBeGreaterThan(minutes.units * 10)
})

it('counts whole records, patterns and days, and takes no bound for all that is kept', () => {
  const day = cost({ size: 500, query: { bool: { filter: [range(dayMs)] } } })
  expect(day).toMatchObject({ hits: 500, patterns: 0, units: 3 })
  const query_string = { query: 'message:err* AND host.name:web*' }
  const pattern = cost({ size: 500, query: { bool: { filter: [range(dayMs), { query_string }] } } })
  expect(pattern.patterns).toBe(2)
  expect(pattern.units).toBe(5)
  expect(cost({ size: 0 }).rangeMs).toBe(30 * dayMs)
})

it('counts the empty buckets that bounds ask for', () => {
  const bounds = (min: number | string, max: number | string, more: object = {}) => ({
    size: 0,
    query: range(1000),
    aggs: {
      2: {
        date_histogram: {
          field: '@timestamp',
          fixed_interval: '1s',
          min_doc_count: 0,
          extended_bounds: { min, max },
          ...more,
        },
        aggs: { 1: { avg: { field: 'severity_number' } } },
      },
    },
  })
  const minute = nowMs - 60_000
  expect(cost(bounds(nowMs - 1000, nowMs))).toMatchObject({ rangeMs: 1000, buckets: 2, values: 2 })
  expect(cost(bounds(nowMs - 500, nowMs - 400)).buckets).toBe(2)
  expect(cost(bounds(minute, nowMs))).toMatchObject({ rangeMs: 1000, buckets: 61, values: 61 })
  expect(cost(bounds('now-1m', 'now+1m')).buckets).toBe(121)
  expect(cost(bounds(minute, nowMs, { min_doc_count: 1 })).buckets).toBe(2)
  expect(cost(bounds(nowMs - 60_000_000, nowMs)).units).toBeGreaterThan(30)
  const numbers = {
    histogram: { field: 'log.offset', interval: 1, extended_bounds: { min: 0, max: 50_000 } },
  }
  expect(cost({ size: 0, aggs: { 1: numbers } }).buckets).toBe(50_001)
})
