import { parseSearch } from '@warren/searchdsl/parse/search'
import { expect, test } from 'vitest'
import { pushedGroups } from './pushed-groups.ts'

const minute = 60_000

test.each<[object, number]>([
  [{ fixed_interval: '1h' }, 60 * minute],
  [{ fixed_interval: '1h', offset: '10m' }, 10 * minute],
  [{ fixed_interval: '1h', time_zone: 'Asia/Kathmandu' }, 15 * minute],
  [{ fixed_interval: '1h', time_zone: '+05:45' }, 15 * minute],
  [{ fixed_interval: '1h', time_zone: '+00:07' }, minute],
  [{ fixed_interval: '1h', time_zone: '-03:10' }, 5 * minute],
  [{ calendar_interval: '1d', time_zone: '+00:20' }, 5 * minute],
  [{ calendar_interval: 'minute', time_zone: 'Europe/Berlin' }, minute],
])('%j may floor times to %d ms', (options, stepMs) => {
  const date_histogram = { field: '@timestamp', ...options }
  const { aggs } = parseSearch({ aggs: { 1: { date_histogram } } })
  expect(pushedGroups(aggs)?.stepMs).toBe(stepMs)
})
