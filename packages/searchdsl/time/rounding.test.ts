import { expect, test } from 'vitest'
import { SearchError } from '../errors.ts'
import type { CalendarUnit } from '../tree.ts'
import { resolveDateMs } from './date-text.ts'
import { roundingOf } from './rounding.ts'

const at = (text: string) => Date.parse(text)

test.each<[CalendarUnit, string, string, string, string]>([
  ['day', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['day', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ['week', 'UTC', '2026-03-04T12:00:00Z', '2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z'],
  ['month', '+05:30', '2026-02-28T20:00:00Z', '2026-02-28T18:30:00Z', '2026-03-31T18:30:00Z'],
  ['quarter', 'UTC', '2026-12-31T23:59:59Z', '2026-10-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  [
    'year',
    'America/New_York',
    '2026-01-01T04:59:59Z',
    '2025-01-01T05:00:00Z',
    '2026-01-01T05:00:00Z',
  ],
])('%s in %s of %s', (...[unit, timeZone, moment, start, end]) => {
  const rounding = roundingOf({ interval: { kind: 'calendar', unit }, timeZone })
  expect(rounding.floor(at(moment))).toBe(at(start))
  expect(rounding.next(at(start))).toBe(at(end))
})

const nowMs = at('2026-03-31T10:20:30.456Z')

test.each<[string, string, string]>([
  ['now', '2026-03-31T10:20:30.456Z', '2026-03-31T10:20:30.456Z'],
  ['now-15m', '2026-03-31T10:05:30.456Z', '2026-03-31T10:05:30.456Z'],
  ['now-1M', '2026-02-28T10:20:30.456Z', '2026-02-28T10:20:30.456Z'],
  ['now/d', '2026-03-31T00:00:00.000Z', '2026-03-31T23:59:59.999Z'],
  ['now-1w/w', '2026-03-23T00:00:00.000Z', '2026-03-29T23:59:59.999Z'],
  // Elasticsearch rounds up the clock alone: the whole month is `2024-02||/M`.
  ['2024', '2024-01-01T00:00:00.000Z', '2024-01-01T23:59:59.999Z'],
  ['2024-02', '2024-02-01T00:00:00.000Z', '2024-02-01T23:59:59.999Z'],
  ['2024-02||/M', '2024-02-01T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
  ['2026-03-04T05', '2026-03-04T05:00:00.000Z', '2026-03-04T05:59:59.999Z'],
  ['2026-03-04T05:06:07+02:00', '2026-03-04T03:06:07.000Z', '2026-03-04T03:06:07.999Z'],
  ['2026-03-04T05:06Z', '2026-03-04T05:06:00.000Z', '2026-03-04T05:06:59.999Z'],
  ['2026-03-04||+1d', '2026-03-05T00:00:00.000Z', '2026-03-05T00:00:00.000Z'],
  ['2026-03-04||+1d/d', '2026-03-05T00:00:00.000Z', '2026-03-05T23:59:59.999Z'],
  ['1772600400123', '2026-03-04T05:00:00.123Z', '2026-03-04T05:00:00.123Z'],
])('%s', (text, low, high) => {
  expect(new Date(resolveDateMs(text, { nowMs })).toISOString()).toBe(low)
  expect(new Date(resolveDateMs(text, { nowMs, roundUp: true })).toISOString()).toBe(high)
})

// As Elasticsearch 8.19 reads them; in Berlin the clock went from 2 to 3.
test.each<[string, string, string]>([
  ['2026-03-29T01:59:59', '2026-03-29T00:59:59.000Z', '2026-03-29T00:59:59.999Z'],
  ['2026-03-29T02:00:00', '2026-03-29T01:00:00.000Z', '2026-03-29T01:00:00.999Z'],
  ['2026-03-29T02:30:00', '2026-03-29T01:30:00.000Z', '2026-03-29T01:30:00.999Z'],
  ['2026-03-29T02', '2026-03-29T01:00:00.000Z', '2026-03-29T01:59:59.999Z'],
  ['2026-03-28T02:30:00||+1d', '2026-03-29T01:30:00.000Z', '2026-03-29T01:30:00.000Z'],
  ['2026-03-29||/d', '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z'],
  ['2026-10-25T02:30:00', '2026-10-25T00:30:00.000Z', '2026-10-25T00:30:00.999Z'],
])('%s in Berlin', (text, low, high) => {
  const reading = { nowMs, timeZone: 'Europe/Berlin' }
  expect(new Date(resolveDateMs(text, reading)).toISOString()).toBe(low)
  expect(new Date(resolveDateMs(text, { ...reading, roundUp: true })).toISOString()).toBe(high)
})

test.each([
  '2026-13-01',
  '2026-02-30',
  'now-1x',
  'now-',
  '2026-03-04T25',
  '2026-03-04Z',
  'x',
  '',
  '99999999999999999',
])('%s is no date', (text) => {
  expect(() => resolveDateMs(text, { nowMs })).toThrow(SearchError)
})
