import { checkBounds } from '../../extended-bounds.ts'
import { formatDateMs, resolveDateMs } from '../../time/date-text.ts'
import { roundingOf } from '../../time/rounding.ts'
import { timeZoneOf } from '../../time/time-zone.ts'
import type { DateHistogramAggregation } from '../../tree.ts'
import type { Aggregator, BucketParts } from '../aggregator.ts'
import { HistogramBuckets } from './histogram-buckets.ts'

export function compileDateHistogram(
  aggregation: DateHistogramAggregation,
  parts: BucketParts,
): () => Aggregator {
  const { field, format, timeZone, minDocCount, keyed } = aggregation
  const rounding = roundingOf(aggregation)
  const zone = timeZoneOf(timeZone)
  const { nowMs } = parts.context
  const resolve = (value: string | number) => resolveDateMs(value, { nowMs, format, timeZone })
  const missing = aggregation.missing === undefined ? undefined : resolve(aggregation.missing)
  const { bounds, offsetMs = 0 } = aggregation
  // Elasticsearch rounds the bounds without the offset and shifts them then; a number is milliseconds whatever the format.
  const boundMs = (value: string | number) => (typeof value === 'number' ? value : resolve(value))
  const limits = bounds && { min: boundMs(bounds.min), max: boundMs(bounds.max) }
  if (limits !== undefined) checkBounds(limits)
  const keys = {
    minDocCount,
    bounds: limits && {
      min: rounding.floor(limits.min + offsetMs),
      max: rounding.floor(limits.max + offsetMs),
    },
    next: rounding.next,
    print: (key: number) => ({ key_as_string: formatDateMs(key, format, zone), key }),
  }
  return () => {
    const buckets = new HistogramBuckets(keys, parts)
    return {
      add: (record) => {
        const ms = record.get(field) ?? missing
        if (typeof ms === 'number') buckets.add(rounding.floor(ms), record)
      },
      answer: () => {
        const list = buckets.answer()
        if (!keyed) return { buckets: list }
        return {
          buckets: Object.fromEntries(list.map((one) => [String(one['key_as_string']), one])),
        }
      },
    }
  }
}
