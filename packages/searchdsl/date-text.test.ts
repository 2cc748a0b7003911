import { expect, test } from 'vitest'
import { formatDateMs } from './date-text.ts'

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
