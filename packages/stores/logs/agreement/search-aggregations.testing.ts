import { along, dates, hour, lucene, severity, terms } from './search-bodies.testing.ts'

/** Aggregations as dashboards send them, a name and `aggs` each; both log stores answer them, and each answer is compared with the evaluator's. */
export const searchAggregations: readonly (readonly [string, object])[] = [
  ['a histogram', { 2: dates({ fixed_interval: hour }) }],
  ['a histogram with an offset', { 2: dates({ fixed_interval: hour, offset: '-30m' }) }],
  ['calendar days of a zone', { 2: dates({ calendar_interval: '1d', time_zone: 'Asia/Kolkata' }) }],
  ['weeks', { 2: dates({ calendar_interval: '1w', format: 'yyyy-MM-dd' }) }],
  ['quarters of a zone', { 2: dates({ calendar_interval: '1q', time_zone: 'Europe/Berlin' }) }],
  ['a histogram with bounds and empty buckets', along({}, { fixed_interval: hour })],
  ['a histogram with dates as texts', { 2: dates({ fixed_interval: '6h', format: undefined }) }],
  ['terms', { 3: terms('service.name') }],
  ['terms with a word for none', { 3: { terms: { field: 'trace.id', missing: 'none' } } }],
  ['terms of a field that no record has', { 3: terms('constructor', { missing: 'none' }) }],
  ['terms by key', { 3: terms('host.name', { order: { _key: 'desc' }, size: 3 }) }],
  [
    'terms by a metric',
    { 3: { ...terms('host.name', { order: { 1: 'desc' } }), aggs: { 1: severity('avg') } } },
  ],
  [
    'terms by a percentile',
    {
      3: {
        ...terms('host.name', { order: { '1[95.0]': 'desc' } }),
        aggs: { 1: severity('percentiles', { percents: ['50', '95'] }) },
      },
    },
  ],
  [
    'terms by a deviation',
    {
      3: {
        ...terms('host.name', { order: { '1[std_deviation]': 'desc' } }),
        aggs: { 1: severity('extended_stats', { sigma: '3' }) },
      },
    },
  ],
  [
    'terms in a histogram',
    { 2: { ...dates({ fixed_interval: '6h' }), aggs: { 3: terms('log.level') } } },
  ],
  [
    'a histogram in terms',
    { 3: { ...terms('host.name'), aggs: { 2: dates({ fixed_interval: '1d' }) } } },
  ],
  ['terms of an attribute', { 3: terms('attributes.status') }],
  ['terms of numbers', { 3: terms('severity_number') }],
  ['terms of dates', { 3: terms('@timestamp', { size: 3 }) }],
  ['terms of what no record has', { 3: terms('nope'), 1: { avg: { field: 'nope' } } }],
  [
    'numbers',
    {
      1: severity('avg'),
      3: severity('min'),
      4: { max: { field: 'log.offset' } },
      5: severity('sum', { missing: '3' }),
      6: severity('stats'),
      7: severity('extended_stats'),
      8: severity('value_count'),
    },
  ],
  [
    'numbers of dates',
    { 1: { max: { field: '@timestamp' } }, 3: { stats: { field: '@timestamp' } } },
  ],
  [
    'distinct counts',
    {
      1: { cardinality: { field: 'host.name' } },
      3: { cardinality: { field: 'trace.id', missing: 'none', precision_threshold: '3000' } },
    },
  ],
  ['distinct counts of an attribute', { 1: { cardinality: { field: 'attributes.path' } } }],
  [
    'distinct counts of an attribute in a histogram',
    along({ 1: { cardinality: { field: 'attributes.path', missing: 'none' } } }),
  ],
  [
    'percentiles',
    { 1: severity('percentiles'), 3: severity('percentiles', { percents: [50, 99.9] }) },
  ],
  ['filters', { 5: { filters: { filters: { a: lucene('error'), b: lucene('conn*') } } } }],
  [
    'a histogram in filters',
    {
      5: {
        filters: { filters: { all: lucene('*'), none: lucene('nope:x') } },
        aggs: { 2: dates({ fixed_interval: '1d' }) },
      },
    },
  ],
  ['a histogram of numbers', { 3: { histogram: { field: 'severity_number', interval: 5 } } }],
  [
    'a histogram of numbers with bounds',
    {
      3: {
        histogram: {
          field: 'severity_number',
          interval: '2.5',
          offset: 1,
          min_doc_count: 0,
          extended_bounds: { min: 0, max: 30 },
        },
      },
    },
  ],
  [
    'the newest of each',
    {
      3: {
        ...terms('host.name'),
        aggs: {
          1: {
            top_metrics: {
              metrics: [{ field: 'severity_number' }, { field: 'log.level' }],
              size: 1,
              sort: [{ '@timestamp': 'desc' }],
            },
          },
        },
      },
    },
  ],
]
