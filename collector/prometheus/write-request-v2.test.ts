import { expect, test } from 'vitest'
import { readAs } from './testing.ts'
import { toRequestV2 } from './testing-v2.ts'
import { writeRequestV2 } from './write-request-v2.ts'

const read = readAs(writeRequestV2)
const symbols = [
  '',
  '__name__',
  'hits_total',
  'job',
  'web',
  'How often.',
  'seconds',
  'lag',
  'value',
]
const samples = [{ value: 1.5, timestamp: 1_700_000_000_001 }]

test('finds labels and meanings among the symbols', () => {
  const body = toRequestV2(symbols, [
    {
      ...{ labels_refs: [1, 2, 3, 4], samples, created_timestamp: 5 },
      metadata: { type: 1, help_ref: 5 },
    },
    { labels_refs: [1, 2, 3, 5], samples, metadata: { type: 1, help_ref: 5 } },
    { labels_refs: [1, 7, 8, 4], samples, metadata: { type: 2, unit_ref: 6 } },
  ])
  const found = read(body)
  expect(found.text).toBe(
    [
      'hits_total,job=web value=1.5 1700000000001000000\n',
      'hits_total,job=How\\ often. value=1.5 1700000000001000000\n',
      'lag,value_=web value=1.5 1700000000001000000\n',
    ].join(''),
  )
  expect(found.metadata).toEqual([
    { measurement: 'hits_total', field: 'value', mtype: 'counter', what: 'How often.' },
    { measurement: 'lag', field: 'value', mtype: 'gauge', unit: 's' },
  ])
  expect([found.lines, found.left]).toEqual([3, {}])
})

test('counts histograms and exemplars, which it leaves out', () => {
  const exemplars = [{ labels_refs: [3, 4], value: 1 }]
  const body = toRequestV2(symbols, [
    { labels_refs: [1, 2], samples, exemplars },
    { labels_refs: [1, 7], histograms: [{ sum: 1 }, { sum: 2 }] },
  ])
  const { lines, left } = read(body)
  expect([lines, left]).toEqual([1, { histogram: 2, exemplar: 1 }])
})

test('refuses series that refer to nothing, beside the good ones', () => {
  const body = toRequestV2(symbols, [
    { labels_refs: [1, 9], samples },
    { labels_refs: [1, 2, 3], samples },
    { labels_refs: [1, 2], samples, metadata: { help_ref: 4_000_000_000 } },
    { labels_refs: [3, 4], samples },
    { labels_refs: [1, 2], samples },
  ])
  const { lines, refused, problems, left } = read(body)
  expect([lines, refused, left]).toEqual([1, 4, { bad_series: 4 }])
  expect(problems).toEqual([
    'symbol 9 of 9',
    'a label without a value',
    'symbol 4000000000 of 9',
    'a series without __name__',
  ])
  const none = read(toRequestV2([], [{ labels_refs: [0, 0], samples }]))
  expect(none.problems).toEqual(['a series without __name__'])
})

test('takes references that are not packed, and symbols behind what refers to them', () => {
  const [, ...strings] = ['', '__name__', 'up']
  const behind = Buffer.concat([
    Buffer.from([0x2a, 15, 0x08, 1, 0x08, 2, 0x12, 9, 0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]),
    toRequestV2(['', ...strings], []),
  ])
  expect(read(behind).text).toBe('up value=1 0\n')
})

test('refuses a body cut anywhere but between fields, the message of 1.0 and rubbish', () => {
  const body = toRequestV2([''], [{ labels_refs: [1, 2], samples }])
  for (let at = 1; at < body.length; at += 1)
    if (at !== 2) expect(() => read(body.subarray(0, at))).toThrow('not a io.prometheus.write.v2')
  expect(() => read(toRequestV2(['__name__'], []))).toThrow('the first symbol is not empty')
  expect(() => read(Buffer.alloc(100_000, 0x0b))).toThrow('not a io.prometheus.write.v2')
})

test('bounds symbols, series, labels, and what a few references become', () => {
  const many = toRequestV2(
    Array.from({ length: 200_001 }, () => ''),
    [],
  )
  expect(() => read(many)).toThrow('more than 200000 symbols')
  expect(() => read(Buffer.alloc(2 * 100_001, Buffer.from([0x2a, 0x00])))).toThrow(
    'more than 100000 series',
  )
  const labels_refs = Array.from({ length: 600 }, () => 1)
  expect(() => read(toRequestV2(symbols, [{ labels_refs }]))).toThrow('more than 256 labels')
  const long = ['', '__name__', 'x'.repeat(60_000), 'y'.repeat(600_000)]
  const twice = { labels_refs: [1, 3, 3, 3] }
  expect(read(toRequestV2(long, [twice])).problems[0]).toContain('more than 65535 bytes')
  // A megabyte of labels, and no sample.
  const bomb = Array.from({ length: 20 }, () => ({ labels_refs: [1, 2] }))
  expect(() => read(toRequestV2(long, bomb))).toThrow(expect.objectContaining({ status: 413 }))
})
