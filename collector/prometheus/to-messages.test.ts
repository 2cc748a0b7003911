import { expect, test } from 'vitest'
import { readAs, toWriteRequest } from './testing.ts'
import { writeRequest } from './write-request.ts'

const read = readAs(writeRequest)

test('makes a line of each sample: the name is the measurement, labels are tags', () => {
  const { text, lines, left } = read(
    toWriteRequest([
      {
        labels: { __name__: 'up', job: 'a b', instance: 'h:1', empty: '', path: 'x=1,ü' },
        samples: [
          [1, 1_700_000_000_001],
          [-0.5, -1],
          [1e300, 0],
        ],
      },
    ]),
  )
  const key = 'up,instance=h:1,job=a\\ b,path=x\\=1\\,ü'
  expect(text).toBe(
    `${key} value=1 1700000000001000000\n${key} value=-0.5 -1000000\n${key} value=1e+300 0\n`,
  )
  expect([lines, left]).toEqual([3, {}])
})

test('gives a label that is called as the field another name', () => {
  const labels = { __name__: 'a', value: 'b', value_: 'd', values: 'c' }
  expect(read(toWriteRequest([{ labels, samples: [[1, 1]] }])).text).toBe(
    'a,value_=b,value__=d,values=c value=1 1000000\n',
  )
})

test('says what families mean, of each series that they may have', () => {
  const families = [
    { type: 1, name: 'hits_total', help: 'Hits.' },
    { type: 3, name: 'lag_seconds', help: 'x'.repeat(300) },
    { type: 5, name: 'size', unit: 'bytes' },
    { type: 0, name: 'odd' },
    { type: 99, name: 'new', help: 'A type to come.' },
  ]
  const { metadata, lines } = read(toWriteRequest([], { families }))
  expect(lines).toBe(0)
  const what = 'x'.repeat(255)
  expect(metadata).toEqual(
    [
      { measurement: 'hits_total', mtype: 'counter', what: 'Hits.' },
      { measurement: 'lag_seconds_bucket', mtype: 'counter', what },
      { measurement: 'lag_seconds_count', mtype: 'counter', what },
      { measurement: 'lag_seconds_sum', mtype: 'counter', unit: 's', what },
      { measurement: 'size', mtype: 'gauge', unit: 'B' },
      { measurement: 'size_count', mtype: 'counter' },
      { measurement: 'size_sum', mtype: 'counter', unit: 'B' },
      { measurement: 'new', what: 'A type to come.' },
    ].map((meaning) => ({ field: 'value', ...meaning })),
  )
})

test('takes so many descriptions and counts the rest', () => {
  const families = Array.from({ length: 20_002 }, (_, at) => ({ type: 2, name: `g${at}` }))
  const { metadata, left } = read(toWriteRequest([], { families }))
  expect([metadata.length, left]).toEqual([20_000, { metadata: 2 }])
})

test('leaves out stale markers and what line protocol has not, and counts it', () => {
  const { text, left, refused } = read(
    toWriteRequest([
      {
        labels: { __name__: 'a' },
        samples: [
          [0x7ff0000000000002n, 1],
          [0x7ff8000000000001n, 2],
          [Number.POSITIVE_INFINITY, 3],
          [4, Number.MAX_SAFE_INTEGER],
          [5, 5],
        ],
      },
    ]),
  )
  expect(text).toBe('a value=5 5000000\n')
  expect(left).toEqual({ stale_marker: 1, not_finite: 2, out_of_time: 1 })
  expect(refused).toBe(0)
})

test('takes fields in any order, passes over what it does not know', () => {
  const body = toWriteRequest([{ labels: { __name__: 'a', b: 'c' }, samples: [[1, 1]] }], {
    extras: true,
  })
  const { text, left } = read(body)
  expect(text).toBe('a,b=c value=1 1000000\n')
  expect(left).toEqual({ exemplar: 1, histogram: 1 })
})

test('names series that it refuses, beside the good ones', () => {
  const samples = [[1, 1]] as const
  const found = read(
    toWriteRequest([
      { labels: { job: 'a' }, samples },
      { labels: { __name__: 'good', ['__proto__']: 'y' }, samples },
      { labels: { __name__: 'long', a: 'x'.repeat(70_000) }, samples },
    ]),
  )
  expect(found).toMatchObject({ lines: 1, refused: 2, left: { bad_series: 2 } })
  expect(found.text).toBe('good,__proto__=y value=1 1000000\n')
  expect(found.problems[0]).toContain('without __name__')
  expect(found.problems[1]).toContain('long')
})

test('refuses a body cut anywhere but between series, and rubbish', () => {
  const one = toWriteRequest([{ labels: { __name__: 'cpu', a: 'b' }, samples: [[1, 1]] }])
  for (let at = 1; at < one.length; at += 1)
    expect(() => read(one.subarray(0, at))).toThrow('not a prometheus.WriteRequest')
  expect(read(Buffer.alloc(0)).lines).toBe(0)
  // Nested groups, which the protocol does not have.
  expect(() => read(Buffer.alloc(100_000, 0x0b))).toThrow('not a prometheus.WriteRequest')
  expect(() => read(Buffer.alloc(64))).toThrow('not a prometheus.WriteRequest')
})

test('bounds series, labels, and what few bytes become', () => {
  const labels = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`l${at}`, 'x']))
  expect(() => read(toWriteRequest([{ labels, samples: [] }]))).toThrow('more than 256 labels')
  const empty = Buffer.from([0x0a, 0x00])
  expect(() => read(Buffer.alloc(2 * 100_001, empty))).toThrow('more than 100000 series')
  const long = { __name__: 'a', b: 'x'.repeat(10_000) }
  const samples = Array.from({ length: 200 }, (_, at) => [at, at] as const)
  expect(() => read(toWriteRequest([{ labels: long, samples }]))).toThrow(
    expect.objectContaining({ status: 413 }),
  )
})
