import { malformed, refused } from '../errors.ts'
import { checkAggregationField, checkFieldName, type FieldType } from '../field-types.ts'
import { limits } from '../limits.ts'
import { isObject, readObject, required, toList, toNumber } from '../read/object-reader.ts'
import type { FieldMetric, PercentilesMetric, TopMetricsMetric } from '../tree.ts'
import { parseSort } from './sort.ts'

const numeric: readonly FieldType[] = ['long', 'date']
const countable: readonly FieldType[] = ['long', 'date', 'keyword', 'flattened']

const fields: Readonly<Record<FieldMetric['type'], readonly FieldType[]>> = {
  avg: numeric,
  sum: numeric,
  min: numeric,
  max: numeric,
  stats: numeric,
  extended_stats: numeric,
  value_count: countable,
  cardinality: countable,
}

export function isFieldMetric(type: string): type is FieldMetric['type'] {
  return Object.hasOwn(fields, type)
}

export function parseFieldMetric(type: FieldMetric['type'], body: unknown): FieldMetric {
  const reader = readObject(body, type)
  const field = checkFieldName(required(reader.text('field'), 'field', type), type)
  checkAggregationField(field, type, fields[type])
  const isNumeric = fields[type] === numeric
  const missing = isNumeric ? reader.number('missing') : reader.scalar('missing')
  const sigma = type === 'extended_stats' ? reader.number('sigma') : undefined
  const threshold = type === 'cardinality' ? reader.number('precision_threshold') : undefined
  // How to count is for the store to know.
  if (type === 'cardinality') reader.text('execution_hint')
  reader.end()
  if (sigma !== undefined && sigma < 0) throw malformed('[sigma] must be 0 or more')
  return {
    type,
    field,
    ...(missing === undefined ? {} : { missing }),
    ...(sigma === undefined ? {} : { sigma }),
    ...(threshold === undefined ? {} : { precisionThreshold: threshold }),
  }
}

const defaultPercents = [1, 5, 25, 50, 75, 95, 99]

export function parsePercentiles(body: unknown): PercentilesMetric {
  const reader = readObject(body, 'percentiles')
  const field = checkFieldName(
    required(reader.text('field'), 'field', 'percentiles'),
    'percentiles',
  )
  checkAggregationField(field, 'percentiles', numeric)
  const sent = toList(reader.take('percents')).map((value) => toNumber(value) ?? Number.NaN)
  const missing = reader.number('missing')
  // Ours are exact, so how to approximate does not matter.
  for (const way of ['tdigest', 'hdr']) if (isObject(reader.take(way))) continue
  if (reader.flag('keyed') === false) throw refused('[keyed] false of [percentiles]')
  reader.end()
  if (sent.length > limits.valuesPerMetric)
    throw refused(`more than ${limits.valuesPerMetric} entries in [percents]`)
  if (!sent.every((value) => value >= 0 && value <= 100))
    throw malformed('percent must be in [0,100]')
  const percents = [...new Set(sent.length === 0 ? defaultPercents : sent)].toSorted(
    (a, b) => a - b,
  )
  return { type: 'percentiles', field, percents, ...(missing === undefined ? {} : { missing }) }
}

export function parseTopMetrics(body: unknown): TopMetricsMetric {
  const reader = readObject(body, 'top_metrics')
  const metrics = toList(reader.take('metrics')).map((metric) => {
    const inner = readObject(metric, 'metrics')
    const field = checkFieldName(required(inner.text('field'), 'field', 'metrics'), 'top_metrics')
    inner.end()
    checkAggregationField(field, 'top_metrics', ['long', 'date', 'keyword'])
    return field
  })
  const [sort, more] = parseSort(reader.take('sort'))
  const size = reader.number('size') ?? 1
  reader.end()
  if (metrics.length > limits.valuesPerMetric)
    throw refused(`more than ${limits.valuesPerMetric} entries in [metrics]`)
  if (metrics.length === 0) throw malformed('[top_metrics] needs [metrics]')
  if (sort === undefined || more !== undefined) throw malformed('[top_metrics] needs one [sort]')
  if (!Number.isInteger(size) || size < 1 || size > 10)
    throw malformed(`[top_metrics.size] must be 1 to 10`)
  return { type: 'top_metrics', metrics, sort, size }
}
