import { describe, expect, test } from 'vitest'
import { bucketAround, bucketStarts } from './buckets.ts'

const hourNs = 3_600_000_000_000n
const at = (text: string) => BigInt(Date.parse(text)) * 1_000_000n
const texts = (starts: readonly bigint[] | undefined) =>
  starts?.map((ns) => new Date(Number(ns / 1_000_000n)).toISOString().slice(5, 16))

function berlin(hours: bigint, min: string, max: string) {
  const interval = { intervalNs: hours * hourNs, offsetNs: 0n, timeZone: 'Europe/Berlin' }
  return texts(bucketStarts(interval, { minNs: at(min), maxNs: at(max) }, 100))
}

describe('in a time zone', () => {
  test('days begin at midnight when the clock goes forward', () => {
    expect(berlin(24n, '2024-03-30T12:00Z', '2024-04-01T00:00Z')).toEqual([
      '03-29T23:00',
      '03-30T23:00',
      '03-31T22:00',
    ])
  })

  test('days begin at midnight when the clock goes back', () => {
    expect(berlin(24n, '2024-10-26T12:00Z', '2024-10-28T00:00Z')).toEqual([
      '10-25T22:00',
      '10-26T22:00',
      '10-27T23:00',
    ])
  })

  test('hours go on', () => {
    expect(berlin(1n, '2024-10-26T23:30Z', '2024-10-27T02:30Z')).toEqual([
      '10-26T23:00',
      '10-27T00:00',
      '10-27T01:00',
      '10-27T02:00',
    ])
  })
})

test('before the epoch a bucket still begins before its times', () => {
  const interval = { intervalNs: 10n, offsetNs: 3n }
  expect(bucketAround(-1n, interval)).toEqual({ start: -7n, end: 3n })
  expect(bucketAround(3n, interval)).toEqual({ start: 3n, end: 13n })
})

test('no more of them than allowed', () => {
  const interval = { intervalNs: 1n, offsetNs: 0n }
  expect(bucketStarts(interval, { minNs: 0n, maxNs: 99n }, 100)).toHaveLength(100)
  expect(bucketStarts(interval, { minNs: 0n, maxNs: 10n ** 18n }, 100)).toBeUndefined()
})
