import { bucketStarts } from '@warren/influxql/evaluate/windows/buckets'
import { expect, test } from 'vitest'
import { areWithinDays } from './aggregated-groups.ts'

const hourNs = 3_600_000_000_000n
const at = (text: string) => BigInt(Date.parse(text)) * 1_000_000n

test.each([
  ['before a change', '2023-10-27T22:00Z', '2023-10-28T20:00Z', 2, true],
  ['where the clock goes forward', '2023-03-25T22:00Z', '2023-03-26T06:00Z', 2, false],
  ['where the clock goes back', '2023-10-28T22:00Z', '2023-10-29T06:00Z', 2, false],
  ['up to the long bucket of that night', '2023-10-28T22:00Z', '2023-10-29T02:30Z', 2, false],
  ['in hours', '2023-10-28T22:00Z', '2023-10-29T02:30Z', 1, true],
])('of buckets in a time zone those %s: %s to %s, %dh', (...[, min, max, hours, isWithin]) => {
  const range = { minNs: at(min), maxNs: at(max) }
  const widthNs = BigInt(hours) * hourNs
  const interval = { intervalNs: widthNs, offsetNs: 0n, timeZone: 'Europe/Paris' }
  const starts = bucketStarts(interval, range, 100) ?? []
  const request = {
    ...{ measurement: 'm', fields: ['v'], types: new Map(), matches: () => true, dimensions: [] },
    ...{ needs: { sums: true, extremes: false, medians: false }, ...range, starts, widthNs },
  }
  expect(areWithinDays(request)).toBe(isWithin)
})
