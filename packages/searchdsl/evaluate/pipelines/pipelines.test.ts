import { describe, expect, test } from 'vitest'
import { parseSearch } from '../../parse/search.ts'
import { printSearch } from '../../print.ts'
import { createCollector } from '../collector.ts'
import { PlainRecordView } from '../record-view.ts'

/** Values an hour, of 2026-03-04; one list is an hour, and the fourth has no record. */
const hours: readonly (readonly number[])[] = [[2, 4], [6], [1, 2, 3], [], [10], [5, 5]]
const startMs = Date.UTC(2026, 2, 4)

const views = hours.flatMap((values, hour) =>
  values.map(
    (value, at) =>
      new PlainRecordView(
        { id: `${hour}-${at}`, index: 'x', order: hour * 10 + at },
        {
          '@timestamp': new Date(startMs + hour * 3_600_000 + at).toISOString(),
          'log.offset': value,
          'host.name': at === 0 ? 'a' : 'b',
        },
      ),
  ),
)

const sum = { sum: { field: 'log.offset' } }
const alongHours = (aggs: object, interval: object = { fixed_interval: '1h' }) => ({
  size: 0,
  aggs: { 2: { date_histogram: { field: '@timestamp', min_doc_count: 0, ...interval }, aggs } },
})

function bucketsOf(body: object): readonly Record<string, unknown>[] {
  const collector = createCollector(parseSearch(body), 0)
  for (const view of views) collector.add(view)
  const answer = JSON.parse(JSON.stringify(collector.answer()))
  return answer.aggregations['2'].buckets
}

/** What `3` says in each bucket: a number, null, or nothing. */
const values = (body: object) =>
  bucketsOf(body).map((bucket) => (bucket['3'] as { value?: number } | undefined)?.value)

/** The one aggregation `3` as it goes to Elasticsearch. */
function printed(body: object): unknown {
  const { aggs } = printSearch(parseSearch(body)) as { aggs: { 2: { aggs: { 3: unknown } } } }
  return aggs[2].aggs[3]
}

const movingOf = (script: string, more: object = {}) =>
  alongHours({ 1: sum, 3: { moving_fn: { buckets_path: '1', script, window: 2, ...more } } })

describe('by hand from the definitions, for a server that lacks them; sums are 6, 6, 6, none, 10, 10', () => {
  test.each<[string, object, readonly (number | null | undefined)[], object]>([
    [
      'a derivative of counts',
      alongHours({ 3: { derivative: { buckets_path: '_count' } } }),
      [undefined, -1, 2, -3, 1, 1],
      { derivative: { buckets_path: '_count' } },
    ],
    [
      'a derivative of sums, around a gap',
      alongHours({ 1: sum, 3: { derivative: { buckets_path: '1', unit: '1m' } } }),
      [undefined, 0, 0, null, null, 0],
      { derivative: { buckets_path: '1', unit: '1m' } },
    ],
    [
      'the values before each bucket',
      movingOf('MovingFunctions.sum(values)'),
      [0, 6, 12, undefined, 12, 16],
      {
        moving_fn: {
          buckets_path: '1',
          window: 2,
          shift: 0,
          script: 'MovingFunctions.sum(values)',
        },
      },
    ],
    [
      'the values up to each bucket',
      movingOf('MovingFunctions.unweightedAvg(values)', { shift: '1' }),
      [6, 6, 6, undefined, 8, 10],
      {
        moving_fn: {
          buckets_path: '1',
          window: 2,
          shift: 1,
          script: 'MovingFunctions.unweightedAvg(values)',
        },
      },
    ],
    [
      'no values yet',
      movingOf('MovingFunctions.max(values)'),
      [null, 6, 6, undefined, 6, 10],
      {
        moving_fn: {
          buckets_path: '1',
          window: 2,
          shift: 0,
          script: 'MovingFunctions.max(values)',
        },
      },
    ],
    [
      'a season that needs four values',
      movingOf('MovingFunctions.holtWinters(values, 0.5, 0, 0, 2, false)', { window: 4 }),
      // Level 6 of the first two; factors 6/6 = 1; then 0.5 * (6 - 1) + 0.5 * 6 = 5.5, and 0.5 * (10 - 1) + 0.5 * 5.5 = 7.25; plus the factor 1.
      [null, null, null, undefined, null, 8.25],
      {
        moving_fn: {
          buckets_path: '1',
          window: 4,
          shift: 0,
          script:
            '(values.length < 4 ? Double.NaN : MovingFunctions.holtWinters(values, 0.5, 0.0, 0.0, 2, false))',
        },
      },
    ],
    [
      'the moving average of older dashboards',
      alongHours({ 1: sum, 3: { moving_avg: { buckets_path: '1', model: 'simple', window: 2 } } }),
      [null, 6, 6, undefined, 6, 8],
      {
        moving_fn: {
          buckets_path: '1',
          window: 2,
          shift: 0,
          script: 'MovingFunctions.unweightedAvg(values)',
        },
      },
    ],
    [
      'a script, left out where a value is missing',
      alongHours({
        1: sum,
        3: {
          bucket_script: {
            buckets_path: { a: '1', n: '_count' },
            script: 'params.a / params.n * 100',
          },
        },
      }),
      [300, 600, 200, undefined, 1000, 500],
      {
        bucket_script: {
          buckets_path: { a: '1', n: '_count' },
          script: '((params.a / params.n) * 100.0)',
        },
      },
    ],
    [
      'a division by zero is null',
      alongHours({
        3: { bucket_script: { buckets_path: { n: '_count' }, script: '6 / (params.n - 1)' } },
      }),
      [6, null, 3, -6, null, 6],
      { bucket_script: { buckets_path: { n: '_count' }, script: '(6.0 / (params.n - 1.0))' } },
    ],
    [
      'a rate a minute',
      alongHours({ 3: { rate: { unit: 'minute', field: 'log.offset' } } }),
      [0.1, 0.1, 0.1, 0, 10 / 60, 10 / 60],
      { rate: { field: 'log.offset', unit: 'minute' } },
    ],
    [
      'a rate of values',
      alongHours({ 3: { rate: { unit: '1h', field: 'log.offset', mode: 'value_count' } } }),
      [2, 1, 3, 0, 1, 2],
      { rate: { field: 'log.offset', unit: 'hour', mode: 'value_count' } },
    ],
    [
      'a rate of records, whose mode Elasticsearch would refuse',
      alongHours({ 3: { rate: { unit: 'day', mode: 'value_count' } } }),
      [48, 24, 72, 0, 24, 48],
      { rate: { unit: 'day' } },
    ],
    [
      'a rate in a month: 31 days',
      alongHours({ 3: { rate: { unit: 'day' } } }, { calendar_interval: '1M' }),
      [9 / 31],
      { rate: { unit: 'day' } },
    ],
    [
      'a month in a quarter: three',
      alongHours({ 3: { rate: { unit: 'month' } } }, { calendar_interval: '1q' }),
      [3],
      { rate: { unit: 'month' } },
    ],
  ])('%s', (...[, body, expected, sent]) => {
    expect(values(body)).toEqual(expected)
    expect(printed(body)).toEqual(sent)
  })

  test('the newest of each', () => {
    const top = {
      metrics: [{ field: 'log.offset' }],
      sort: { '@timestamp': 'desc' },
      size: 2,
    }
    const body = alongHours({ 3: { top_metrics: top } }, { calendar_interval: '1y' })
    expect(bucketsOf(body)[0]?.['3']).toEqual({
      top: [
        { sort: ['2026-03-04T05:00:00.001Z'], metrics: { 'log.offset': 5 } },
        { sort: ['2026-03-04T05:00:00.000Z'], metrics: { 'log.offset': 5 } },
      ],
    })
    expect(printed(body)).toEqual({
      top_metrics: {
        metrics: [{ field: 'log.offset' }],
        sort: [{ '@timestamp': { order: 'desc', format: 'strict_date_optional_time_nanos' } }],
        size: 2,
      },
    })
  })
})

describe('what cannot be computed says why', () => {
  const histogram = { date_histogram: { field: '@timestamp', fixed_interval: '1h' } }
  test.each<[object, RegExp]>([
    [{ 3: { derivative: { buckets_path: '_count' } } }, /inside of another aggregation/],
    [{ 3: { rate: { unit: 'day' } } }, /inside a date histogram/],
    [{ 2: { ...histogram, aggs: { 3: { rate: { unit: 'month' } } } } }, /month-based/],
    [{ 2: { ...histogram, aggs: { 3: { rate: { unit: 'fortnight' } } } } }, /Unsupported unit/],
    [
      { 2: { terms: { field: 'node' }, aggs: { 3: { rate: { unit: 'day' } } } } },
      /inside a date histogram/,
    ],
    [
      {
        2: {
          terms: { field: 'node' },
          aggs: { 3: { moving_fn: { buckets_path: '_count', script: '1', window: 2 } } },
        },
      },
      /histogram or date_histogram as parent/,
    ],
    [
      {
        2: {
          ...histogram,
          aggs: {
            3: { bucket_script: { buckets_path: { a: '4' }, script: 'params.a' } },
            4: { bucket_script: { buckets_path: { a: '3' }, script: 'params.a' } },
          },
        },
      },
      /No aggregation found for path/,
    ],
    [
      { 2: histogram, 3: { max_bucket: { buckets_path: '2' } } },
      /must be an aggregation and a metric/,
    ],
    [{ 2: histogram, 3: { max_bucket: { buckets_path: '2>4' } } }, /No aggregation found/],
    [{ 2: histogram, 3: { max_bucket: { buckets_path: '9>_count' } } }, /No aggregation \[9\]/],
    [
      { 2: { ...histogram, aggs: { 3: { moving_avg: { buckets_path: '_count', predict: 3 } } } } },
      /\[predict\]/,
    ],
    [
      {
        2: {
          ...histogram,
          aggs: { 3: { moving_avg: { buckets_path: '_count', minimize: true } } },
        },
      },
      /\[minimize\]/,
    ],
    [
      {
        2: {
          ...histogram,
          aggs: { 3: { moving_fn: { buckets_path: '_count', script: '1', window: 0 } } },
        },
      },
      /\[window\]/,
    ],
    [
      {
        2: {
          ...histogram,
          aggs: { 3: { bucket_script: { buckets_path: { 'a;b': '_count' }, script: '1' } } },
        },
      },
      /not accepted as a name/,
    ],
  ])('%j', (aggs, reason) => {
    expect(() => parseSearch({ aggs })).toThrow(reason)
  })
})
