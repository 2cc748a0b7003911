import { malformed } from '../errors.ts'
import { checkAggregationField, checkFieldName } from '../field-types.ts'
import { readObject } from '../read/object-reader.ts'
import type { DateHistogramAggregation, RateMetric, RateUnit } from '../tree.ts'

const units: Readonly<Record<string, RateUnit>> = {
  '1s': 'second',
  '1m': 'minute',
  '1h': 'hour',
  '1d': 'day',
  '1w': 'week',
  '1M': 'month',
  '1q': 'quarter',
  '1y': 'year',
  second: 'second',
  minute: 'minute',
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
}

/** `rate`: https://www.elastic.co/docs/reference/aggregations/search-aggregations-metrics-rate-aggregation */
export function parseRate(body: unknown): RateMetric {
  const reader = readObject(body, 'rate')
  const name = reader.text('unit') ?? 'second'
  const unit = Object.hasOwn(units, name) ? units[name] : undefined
  const field = reader.text('field')
  const mode = reader.text('mode')
  reader.text('format')
  reader.end()
  if (unit === undefined) throw malformed(`Unsupported unit ${name}`)
  if (mode !== undefined && mode !== 'sum' && mode !== 'value_count')
    throw malformed(`Unsupported value ${mode} of [mode] in [rate]`)
  // Elasticsearch refuses a mode without a field, which is what Grafana's editor makes of a rate of documents.
  if (field === undefined) return { type: 'rate', unit }
  checkAggregationField(checkFieldName(field, 'rate'), 'rate', ['long'])
  return { type: 'rate', unit, field, ...(mode === undefined ? {} : { mode }) }
}

const monthly: ReadonlySet<string> = new Set(['month', 'quarter', 'year'])

/** Throws where a bucket has no length in the unit: a fixed time is no number of months. */
export function checkRateUnit({ interval }: DateHistogramAggregation, unit: RateUnit): void {
  if (!monthly.has(unit)) return
  if (interval.kind === 'calendar' && monthly.has(interval.unit)) return
  throw malformed(
    `Cannot use month-based rate unit [${unit}] with an interval that is not month-based; only week, day, hour, minute and second are supported for this histogram`,
  )
}
