import { createLineParts } from '@warren/lineprotocol/line-parts'
import { scanLine } from '@warren/lineprotocol/scan'
import { toLine } from '@warren/lineprotocol/write'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseSeries, parseSeriesKey, toSeriesKey } from './series-key.ts'

function seriesOf(line: string) {
  const bytes = Buffer.from(line)
  const parts = createLineParts()
  expect(scanLine({ bytes, start: 0, end: bytes.length }, parts)).toBeUndefined()
  return parseSeries(bytes, parts)
}

test('one key whatever the order of tags', () => {
  const key = toSeriesKey(seriesOf('m,b=2,a=1,B=3 v=1 1'))
  expect(key).toBe('m,B=3,a=1,b=2')
  expect(toSeriesKey(seriesOf('m,B=3,b=2,a=1 v=1 1'))).toBe(key)
})

test('one key whatever is escaped without need', () => {
  expect(toSeriesKey(seriesOf('m\\=x v=1 1'))).toBe(toSeriesKey(seriesOf('m=x v=1 1')))
})

test('a measurement without tags', () => {
  expect(parseSeriesKey('some\\,name')).toEqual({ measurement: 'some,name', tags: new Map() })
})

const name = fc
  .string({ minLength: 1, unit: 'grapheme' })
  .filter((text) => !/^[\s\0#]|[\\\s]$|[\n\r\0]/.test(text))

test('reads back the key of any series', () => {
  fc.assert(
    fc.property(name, fc.dictionary(name, name, { maxKeys: 4 }), (measurement, tags) => {
      const line = toLine({ measurement, tags, fields: { v: 1 }, timeNs: 1n })
      const series = seriesOf(line ?? '')
      expect(parseSeriesKey(toSeriesKey(series))).toEqual(series)
    }),
  )
})
