import { deflateSync, gzipSync } from 'node:zlib'
import { logRecordSchema } from '@warren/contracts/log-record'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toGelfRecord } from './record.ts'
import { unpackGelf } from './unpack.ts'

const arrival = { at: '2026-11-24T00:00:00.000Z', address: '192.0.2.7' }
const read = (fields: unknown) => toGelfRecord(JSON.stringify(fields), arrival)

it('reads the example of the specification', () => {
  const record = read({
    version: '1.1',
    host: 'example.org',
    short_message: 'A short message that helps you identify what is going on',
    full_message: 'Backtrace here\n\nmore stuff',
    timestamp: 1385053862.3072,
    level: 1,
    _user_id: 9001,
    _some_info: 'foo',
    _nested: { a: [1] },
    _none: null,
  })
  expect(record).toEqual({
    '@timestamp': '2013-11-21T17:11:02.307200Z',
    observed_timestamp: arrival.at,
    message:
      'A short message that helps you identify what is going on\nBacktrace here\n\nmore stuff',
    'log.level': 'alert',
    severity_number: 19,
    'host.name': 'example.org',
    'event.dataset': 'gelf',
    attributes: { user_id: 9001, some_info: 'foo', nested: '{"a":[1]}' },
  })
})

it('takes arrival, address and alert for what is absent, and the long text alone when it holds the short', () => {
  expect(read({ short_message: 'a', full_message: 'a\nb', facility: 'web' })).toMatchObject({
    '@timestamp': arrival.at,
    message: 'a\nb',
    severity_number: 19,
    'service.name': 'web',
    'host.name': '192.0.2.7',
    attributes: { facility: 'web' },
  })
  expect(read({ short_message: 'a', level: '6', timestamp: '1385053862.9999999' })).toMatchObject({
    '@timestamp': '2013-11-21T17:11:03.000000Z',
    severity_number: 9,
  })
})

it.each([
  ['{', 'not JSON'],
  ['[]', 'not an object'],
  ['null', 'not an object'],
  ['{"host":"x"}', 'no short_message'],
  ['{"short_message":5}', 'no short_message'],
])('refuses %s', (json, reason) => {
  expect(toGelfRecord(json, arrival)).toBe(reason)
})

it('makes a record of the contract of any object', () => {
  const key = fc.constantFrom(
    'host',
    'level',
    'timestamp',
    'full_message',
    'facility',
    '_x',
    '__proto__',
    '_',
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.jsonValue())), (pairs) => {
      const members = pairs.map(
        ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
      )
      const record = toGelfRecord(`{${['"short_message":"m"', ...members].join(',')}}`, arrival)
      expect(logRecordSchema.strict().safeParse(record).success).toBe(true)
    }),
  )
})

it('unpacks gzip, zlib and plain, within a bound', () => {
  const json = Buffer.from('{"short_message":"x"}')
  for (const packed of [gzipSync(json), deflateSync(json), deflateSync(json, { level: 1 }), json])
    expect(unpackGelf(packed, 1_000)?.toString()).toBe(json.toString())
  const bomb = Buffer.alloc(1_000_000)
  expect(unpackGelf(gzipSync(bomb), 1_000)).toBeUndefined()
  expect(unpackGelf(deflateSync(bomb), 1_000)).toBeUndefined()
  expect(unpackGelf(gzipSync(json).subarray(0, 12), 1_000)).toBeUndefined()
  expect(unpackGelf(json, 5)).toBeUndefined()
})

it('refuses what is nested too deep to be printed', () => {
  const nested = (levels: number) =>
    `{"short_message":"a","_x":${'['.repeat(levels)}${']'.repeat(levels)}}`
  expect(toGelfRecord(nested(20), arrival)).toMatchObject({ message: 'a' })
  for (const levels of [21, 5000])
    expect(toGelfRecord(nested(levels), arrival)).toBe('it is nested deeper than 20 levels')
})
