import { expect, it } from 'vitest'
import { acceptsGzip } from './accepts-gzip.ts'

it.each([
  [undefined, false],
  ['', false],
  ['gzip', true],
  ['gzip, deflate, br', true],
  ['br;q=1.0, GZIP ; q=0.5', true],
  ['gzip;q=0', false],
  ['gzip;q=0.5, identity', false],
  ['identity', false],
  ['*', true],
  ['*;q=0', false],
  ['gzip;q=0, *', false],
  ['xgzip', false],
])('Accept-Encoding: %s', (header, wanted) => {
  expect(acceptsGzip(header === undefined ? {} : { 'accept-encoding': header })).toBe(wanted)
})
