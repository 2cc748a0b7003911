import { expect, test } from 'vitest'
import { outcomeOf } from '../parse.testing.ts'
import { parseQuery } from '../parse.ts'
import { timeRangeOf } from '../time-range.ts'

const of = (zone: string) => outcomeOf(`SELECT v FROM cpu tz('${zone}')`)

test.each([
  'UTC',
  'Local',
  'Europe/Paris',
  'America/Port-au-Prince',
  'America/Argentina/Buenos_Aires',
  'Antarctica/DumontDUrville',
  'US/East-Indiana',
  'Etc/GMT+5',
  'GB-Eire',
  'EST5EDT',
  'Hongkong',
])('%s is a time zone', (zone) => {
  expect(of(zone)).toBe(`SELECT v FROM cpu TZ('${zone}')`)
})

test.each([
  'utc',
  'europe/paris',
  'EUROPE/PARIS',
  'Us/Pacific',
  'PST',
  'Pst',
  'local',
  '+01:00',
  'Europe',
])('%s is none', (zone) => {
  expect(of(zone)).toBe(`unable to find time zone ${zone}`)
})

test('no name is that of UTC', () => {
  expect(of('')).toBe("SELECT v FROM cpu TZ('UTC')")
})

test('Local is the zone of the process', () => {
  const [select] = parseQuery("SELECT v FROM cpu WHERE time >= '2024-07-01' tz('Local')")
  if (select?.kind !== 'select') throw new Error('not a SELECT')
  const { minNs } = timeRangeOf(select.condition, 0n, select.timeZone)
  expect(Number(minNs / 1_000_000n)).toBe(new Date('2024-07-01T00:00:00').getTime())
})
