import { expect, it } from 'vitest'
import { parseSearch } from './search.ts'

const ordered = (by: string) =>
  parseSearch({
    aggs: {
      '3': {
        terms: { field: 'log.level', order: { [by]: 'desc' } },
        aggs: {
          '1': { extended_stats: { field: 'severity_number' } },
          '2': { date_histogram: { field: '@timestamp', fixed_interval: '1h' } },
          '4': { bucket_script: { buckets_path: { a: '1.avg' }, script: 'params.a * 2' } },
          '5': { percentiles: { field: 'severity_number', percents: [95] } },
          '7': { cardinality: { field: 'host.name' } },
        },
      },
    },
  })

it('orders terms by what is there, before a store is asked, of which others’ records would decide what is wrong', () => {
  for (const by of ['_key', '_term', '_count', '1.avg', '5[95.0]', '5.95', '7', '7.value'])
    expect(() => ordered(by)).not.toThrow()
  for (const by of [
    '_ke:y',
    ']_count',
    '2',
    '4',
    '6',
    '6.avg',
    '5',
    '5.99',
    '5[50]',
    '5.95.0',
    '7.avg',
  ])
    expect(() => ordered(by)).toThrow(`Invalid aggregation order path [${by}]`)
})

it.each([
  ['log.offset', 'unknown'],
  ['log.offset', true],
  ['severity_number', ''],
  ['@timestamp', 'unknown'],
])(
  'refuses a value for the records without %s that the field cannot hold: %j',
  (field, missing) => {
    const terms = (value: unknown) =>
      parseSearch({ aggs: { 1: { terms: { field, missing: value } } } })
    expect(() => terms(missing)).toThrow(/For input string|failed to parse date/)
    expect(() => terms('5')).not.toThrow()
  },
)
