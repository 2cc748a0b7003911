import { along, dates, lucene, severity, terms } from './search-bodies.testing.ts'

const movingOf = (script: string, more: object = {}) =>
  along({
    1: severity('sum'),
    3: { moving_fn: { buckets_path: '1', script, window: '5', ...more } },
  })
const averageOf = (model: string, settings: object = {}) =>
  along({
    1: severity('avg'),
    3: { moving_avg: { buckets_path: '1', model, window: 5, settings } },
  })

/** As `searchAggregations`: rates, and what reads finished buckets. */
export const searchPipelines: readonly (readonly [string, object])[] = [
  [
    'rates of a fixed interval',
    along({
      1: { rate: { unit: 'second' } },
      3: { rate: { unit: 'hour', field: 'severity_number', mode: 'sum' } },
      4: { rate: { unit: 'week', field: 'severity_number', mode: 'value_count' } },
      5: { rate: { unit: 'minute', field: 'severity_number' } },
    }),
  ],
  [
    'rates of months',
    along(
      {
        1: { rate: { unit: 'day' } },
        3: { rate: { unit: 'quarter' } },
        4: { rate: { unit: 'year' } },
      },
      { calendar_interval: '1M' },
    ),
  ],
  [
    'rates of days',
    along(
      { 1: { rate: { unit: 'hour' } } },
      { calendar_interval: '1d', time_zone: 'Asia/Kolkata' },
    ),
  ],
  [
    'a rate without a mode of its own',
    along({ 1: { rate: { mode: 'value_count', unit: 'second' } } }),
  ],
  [
    'a sum and a difference of counts',
    along({
      4: { cumulative_sum: { buckets_path: '_count', format: '0.0' } },
      5: { serial_diff: { buckets_path: '_count', lag: 2 } },
    }),
  ],
  [
    'a derivative by unit, of a derivative, of a rate',
    along({
      1: severity('max'),
      6: { rate: { unit: 'hour' } },
      3: { derivative: { buckets_path: '1', unit: '1s' } },
      4: { derivative: { buckets_path: '3' } },
      5: { derivative: { buckets_path: '6' } },
      7: { derivative: { buckets_path: '3.normalized_value' } },
    }),
  ],
  ['a moving average', movingOf('MovingFunctions.unweightedAvg(values)', { shift: '1' })],
  [
    'a moving largest less smallest',
    movingOf('MovingFunctions.max(values) - MovingFunctions.min(values)'),
  ],
  ['a moving sum and count', movingOf('MovingFunctions.sum(values) / (values.length + 1)')],
  [
    'a moving deviation',
    movingOf('MovingFunctions.stdDev(values, MovingFunctions.unweightedAvg(values))'),
  ],
  [
    'a moving weighted average',
    movingOf('MovingFunctions.linearWeightedAvg(values)', { shift: -1 }),
  ],
  ['a moving smoothed average', movingOf('MovingFunctions.ewma(values, 0.3)')],
  ['a moving trend', movingOf('MovingFunctions.holt(values, 0.3, 0.7)', { window: 10 })],
  [
    'a moving season, added',
    movingOf('MovingFunctions.holtWinters(values, 0.3, 0.1, 0.2, 2, false)', { window: 7 }),
  ],
  [
    'a moving season, multiplied',
    movingOf('MovingFunctions.holtWinters(values, 0.3, 0.1, 0.1, 2, true)', { window: 6 }),
  ],
  [
    'a moving function with a condition',
    movingOf('values.length > 2 ? MovingFunctions.max(values) : Double.NaN'),
  ],
  ['the older moving average', averageOf('simple')],
  ['the older moving average, weighted', averageOf('linear')],
  ['the older moving average, smoothed', averageOf('ewma', { alpha: 0.5 })],
  ['the older moving average with a trend', averageOf('holt', { alpha: 0.5, beta: 0.3 })],
  [
    'the older moving average with a season',
    averageOf('holt_winters', { alpha: 0.5, beta: 0.3, gamma: 0.2, pad: true, period: 2 }),
  ],
  [
    'a script over two metrics',
    along({
      1: severity('sum'),
      3: severity('value_count'),
      4: {
        bucket_script: {
          buckets_path: { a: '1', b: '3', n: '_count' },
          script: 'params.b > 3 ? params.a / params.b * 100 : -params.n',
        },
      },
      5: { derivative: { buckets_path: '4' } },
      6: { bucket_script: { buckets_path: { d: '5' }, script: { source: 'Math.abs(params.d)' } } },
      7: { bucket_script: { buckets_path: { n: '_count' }, script: '1 / (params.n - params.n)' } },
    }),
  ],
  [
    'a script in terms',
    {
      3: {
        ...terms('host.name'),
        aggs: {
          1: severity('percentiles', { percents: [50] }),
          4: {
            bucket_script: {
              buckets_path: { p: '1[50.0]', n: '_count' },
              script: 'params.p * params.n',
            },
          },
        },
      },
    },
  ],
  [
    'a script in filters',
    {
      5: {
        filters: { filters: { a: lucene('error'), b: lucene('nope:x') } },
        aggs: {
          1: severity('stats'),
          4: {
            bucket_script: { buckets_path: { x: '1.max' }, script: 'Math.round(params.x / 4)' },
          },
        },
      },
    },
  ],
  [
    'the largest, least, mean and sum of the terms of each bucket',
    along({
      g: { ...terms('host.name', { size: 100 }), aggs: { m: severity('max') } },
      1: { max_bucket: { buckets_path: 'g>m' } },
      3: { min_bucket: { buckets_path: 'g>m' } },
      4: { avg_bucket: { buckets_path: 'g>m' } },
      5: { sum_bucket: { buckets_path: 'g>_count' } },
    }),
  ],
  [
    'a derivative of counts and of sums beside it',
    along({
      g: { ...terms('host.name', { size: 100 }) },
      1: { sum_bucket: { buckets_path: 'g>_count' } },
      3: { derivative: { buckets_path: '_count' } },
      4: { derivative: { buckets_path: '1' } },
    }),
  ],
  [
    'the bounds of deviations of each bucket',
    {
      2: {
        ...terms('host.name', { order: { '1.std_upper_sampling': 'desc' } }),
        aggs: { 1: severity('extended_stats') },
      },
      3: { max_bucket: { buckets_path: '2>1[std_upper]' } },
      4: { min_bucket: { buckets_path: '2>1.std_lower' } },
      5: { max_bucket: { buckets_path: '2>1.std_upper_population' } },
      6: { avg_bucket: { buckets_path: '2>1[variance]' } },
    },
  ],
  [
    'the busiest hour and filter',
    {
      2: dates({ fixed_interval: '6h', format: undefined }),
      5: {
        filters: { filters: { x: lucene('error'), y: lucene('*') } },
        aggs: { p: severity('percentiles', { percents: [95] }) },
      },
      1: { max_bucket: { buckets_path: '2>_count' } },
      3: { min_bucket: { buckets_path: '5>p[95.0]' } },
    },
  ],
]
