import { expect, test } from 'vitest'
import { formatDate, formatDateMs } from './date-text.ts'

// What Elasticsearch 8.19 prints of sums of times, which lie beyond any year of a record.
test.each([
  [1774483200000, '2026-03-26T00:00:00.000Z'],
  [253402300799999, '9999-12-31T23:59:59.999Z'],
  [2129681988001200, '+69456-12-08T02:00:01.200Z'],
  [8877664950004999, '+283292-01-01T17:40:04.999Z'],
  [14209303920008000, '+452244-12-01T02:40:08.000Z'],
  [6.297582744734094e24, '+292278994-08-17T07:12:55.807Z'],
])('%d', (ms, text) => {
  expect(formatDateMs(ms, undefined)).toBe(text)
})

test.each([
  ['yyyy-MM-dd', '+69456-12-08'],
  ['strict_date_time_no_millis', '+69456-12-08T02:00:01Z'],
  ['epoch_millis', '2129681988001200'],
])('in the format %s', (format, text) => {
  expect(formatDateMs(2129681988001200, format)).toBe(text)
})

const moment = { ms: Date.parse('2026-03-26T00:28:00.001Z'), nanos: 100_004 }

// What it prints of a record's date.
test.each([
  [undefined, '2026-03-26T00:28:00.001100004Z'],
  ['strict_date_optional_time_nanos', '2026-03-26T00:28:00.001100004Z'],
  ['strict_date_time', '2026-03-26T00:28:00.001100004Z'],
  ['strict_date_optional_time', '2026-03-26T00:28:00.001Z'],
  ['date_optional_time', '2026-03-26T00:28:00.001Z'],
  ['date_time', '2026-03-26T00:28:00.001Z'],
  ['iso8601', '2026-03-26T00:28:00.001Z'],
  ['strict_date_time_no_millis', '2026-03-26T00:28:00Z'],
  ['strict_date', '2026-03-26'],
  ['epoch_millis', '1774484880001.100004'],
  ['epoch_second', '1774484880.001100004'],
  ['epoch_second||yyyy-MM-dd', '1774484880.001100004'],
])('a record in the format %s', (format, text) => {
  expect(formatDate(moment, format)).toBe(text)
})

test.each([
  ['epoch_second', 0, '1774484460'],
  ['epoch_second', 656, '1774484460.656'],
  ['epoch_second', 20, '1774484460.02'],
  ['epoch_millis', 20, '1774484460020'],
])('%s with %d ms', (format, more, text) => {
  expect(formatDateMs(1774484460000 + more, format)).toBe(text)
})
