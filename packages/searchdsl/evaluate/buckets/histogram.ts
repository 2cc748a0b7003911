import type { HistogramAggregation } from '../../tree.ts'
import type { Aggregator, BucketParts } from '../aggregator.ts'
import { HistogramBuckets } from './histogram-buckets.ts'

export function compileHistogram(
  { field, interval, offset = 0, bounds, missing, minDocCount }: HistogramAggregation,
  parts: BucketParts,
): () => Aggregator {
  // Keys are counted, not added up, so that 0.1 stays 0.1 after a thousand buckets.
  const indexOf = (value: number) => Math.floor((value - offset) / interval)
  const keys = {
    minDocCount,
    bounds: bounds && { min: indexOf(bounds.min), max: indexOf(bounds.max) },
    next: (index: number) => index + 1,
    print: (index: number) => ({ key: index * interval + offset }),
  }
  return () => {
    const buckets = new HistogramBuckets(keys, parts)
    return {
      add: (record) => {
        const value = record.get(field) ?? missing
        if (typeof value === 'number') buckets.add(indexOf(value), record)
      },
      answer: () => ({ buckets: buckets.answer() }),
    }
  }
}
