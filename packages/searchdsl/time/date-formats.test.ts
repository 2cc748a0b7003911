import { expect, test } from 'vitest'
import { parseSearch } from '../parse/search.ts'
import { printSearch } from '../print.ts'
import { isReadBy, readDate } from './date-formats.ts'

const day = '2026-03-27'
const toDay = ['2026', '2026-03', day]
const toHour = [`${day}T`, `${day}T10`, `${day}T10Z`]
const toMinute = [`${day}T10:30`, `${day}T10:30Z`]
const toSecond = [`${day}T10:30:15`, `${day}T10:30:15.123`]
const whole = [`${day}T10:30:15Z`, `${day}T10:30:15+02:00`]
const withFraction = [`${day}T10:30:15.123Z`, `${day}T10:30:15.123456789+02`]
const all = [...toDay, ...toHour, ...toMinute, ...toSecond, ...whole, ...withFraction]

// What Elasticsearch 8.19 reads of these.
test.each<[string, readonly string[]]>([
  ['strict_date_optional_time', all],
  ['strict_date_optional_time_nanos', [...toDay, ...toSecond, ...whole, ...withFraction]],
  ['date_optional_time', all.filter((text) => text !== `${day}T10Z`)],
  ['iso8601', all],
  ['strict_date_time', [...whole, ...withFraction]],
  ['date_time', [`${day}T10:30Z`, ...withFraction]],
  ['strict_date_time_no_millis', whole],
  ['date_time_no_millis', [...toMinute, `${day}T10:30:15`, ...whole]],
  ['strict_date', [day]],
  ['date', toDay],
  ['yyyy-MM-dd', [day]],
])('%s', (format, read) => {
  const isRead = (text: string): boolean => {
    const date = readDate(text)
    return date !== undefined && isReadBy(format, date)
  }
  expect(all.filter(isRead)).toEqual(read)
})

const printed = (query: object) => printSearch(parseSearch({ query }))
const format = 'strict_date_optional_time||epoch_millis'
const hour = `${day}T10`
const span = { range: { '@timestamp': { gte: hour, lte: hour, format } } }

test.each<[object, object]>([
  [{ range: { '@timestamp': { gt: hour } } }, { range: { '@timestamp': { gt: hour, format } } }],
  [
    { range: { '@timestamp': { gte: `${hour}||/d` } } },
    { range: { '@timestamp': { gte: `${hour}||/d`, format } } },
  ],
  [{ term: { '@timestamp': hour } }, span],
  [{ match: { '@timestamp': hour } }, span],
  [{ terms: { '@timestamp': [hour] } }, span],
])('Elasticsearch is told how to read %j', (query, expected) => {
  expect(printed(query)).toMatchObject({ query: expected })
})

test.each([
  { range: { '@timestamp': { gte: day, lt: 1774656000000 } } },
  { range: { '@timestamp': { gte: 'now-1h', lt: `${day}T10:30:15Z` } } },
  { range: { 'host.name': { gte: hour } } },
])('%j needs no format', (query) => {
  expect(printed(query)).toMatchObject({ query })
  expect(JSON.stringify(printed(query))).not.toContain('"format":')
})
