import { expect, it } from 'vitest'
import { parseSearch } from './parse-search.ts'

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
        },
      },
    },
  })

it('orders terms by what is there, before a store is asked, of which others’ records would decide what is wrong', () => {
  for (const by of ['_key', '_term', '_count', '1.avg', '5[95.0]', '5.95'])
    expect(() => ordered(by)).not.toThrow()
  for (const by of ['_ke:y', ']_count', '2', '4', '6', '6.avg'])
    expect(() => ordered(by)).toThrow(`Invalid aggregation order path [${by}]`)
})
