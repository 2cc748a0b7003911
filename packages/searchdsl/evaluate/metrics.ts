import type { Json } from '../answer.ts'
import { formatDateMs } from '../date-text.ts'
import { malformed } from '../errors.ts'
import { fieldType } from '../field-types.ts'
import type { FieldMetric } from '../tree.ts'
import { type Aggregator, finite } from './aggregator.ts'
import type { Budget } from './budget.ts'
import { extendedStats, type Sums } from './extended-stats.ts'

/** Metrics of one field; the numeric ones keep count, sum, least and largest, whichever is asked. */
export function compileFieldMetric(metric: FieldMetric, budget: Budget): () => Aggregator {
  const { type } = metric
  if (type === 'cardinality') return () => createCardinality(metric, budget)
  if (type === 'value_count') return () => createCount(metric)
  return () => createStats(metric, type)
}

function createCount({ field, missing }: FieldMetric): Aggregator {
  let count = 0
  return {
    add: (record) => {
      if (record.get(field) !== undefined || missing !== undefined) count++
    },
    answer: () => ({ value: count }),
    number: () => count,
  }
}

function createCardinality({ field, missing }: FieldMetric, budget: Budget): Aggregator {
  const seen = new Set<string | number>()
  const absent = typeof missing === 'boolean' ? String(missing) : missing
  return {
    add: (record) => {
      const value = record.get(field) ?? absent
      if (value === undefined || seen.has(value)) return
      budget.keepValue()
      seen.add(value)
    },
    answer: () => ({ value: seen.size }),
    number: () => seen.size,
  }
}

function createStats(
  metric: FieldMetric,
  type: Exclude<FieldMetric['type'], 'cardinality' | 'value_count'>,
): Aggregator {
  const { field, sigma = 2 } = metric
  const missing = typeof metric.missing === 'number' ? metric.missing : undefined
  const sums: Sums = { count: 0, sum: 0, squares: 0, min: Infinity, max: -Infinity }
  const isDate = fieldType(field) === 'date'
  return {
    add: (record) => {
      const value = record.get(field) ?? missing
      if (typeof value === 'number') addTo(sums, value)
    },
    answer: () => {
      switch (type) {
        case 'stats':
          return isDate ? withTexts(statsOf(sums)) : statsOf(sums)
        case 'extended_stats':
          return { ...statsOf(sums), ...extendedStats(sums, sigma) }
        case 'avg':
        case 'sum':
        case 'min':
        case 'max':
          return single(valueOfType(sums, type), isDate)
      }
    },
    number: (property) => numberOf(sums, { type, sigma, property }),
  }
}

function addTo(sums: Sums, value: number): void {
  sums.count++
  sums.sum += value
  sums.squares += value * value
  if (value < sums.min) sums.min = value
  if (value > sums.max) sums.max = value
}

type Single = 'avg' | 'sum' | 'min' | 'max'

function valueOfType(sums: Sums, type: Single): number {
  return type === 'avg' ? sums.sum / sums.count : sums[type]
}

function single(value: number, isDate: boolean): Readonly<Record<string, Json>> {
  if (!isDate || !Number.isFinite(value)) return { value: finite(value) }
  return { value, value_as_string: formatDateMs(Math.floor(value), undefined) }
}

function statsOf(sums: Sums): Readonly<Record<string, Json>> {
  const { count, min, max, sum } = sums
  return { count, min: finite(min), max: finite(max), avg: finite(sum / count), sum }
}

/** Statistics of a date have each value as a text too. */
function withTexts(stats: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  const texts = ['min', 'max', 'avg', 'sum'].flatMap((key) => {
    const value = stats[key]
    if (typeof value !== 'number' || stats['count'] === 0) return []
    return [[`${key}_as_string`, formatDateMs(Math.floor(value), undefined)] as const]
  })
  return { ...stats, ...Object.fromEntries(texts) }
}

interface Wanted {
  readonly type: Exclude<FieldMetric['type'], 'cardinality' | 'value_count'>
  readonly sigma: number
  readonly property: string | undefined
}

function numberOf(sums: Sums, { type, sigma, property }: Wanted): number {
  if (type !== 'stats' && type !== 'extended_stats') {
    if (property === undefined || property === 'value') return valueOfType(sums, type)
    throw malformed(`[${type}] has no property [${property}]`)
  }
  const values: Readonly<Record<string, Json>> =
    type === 'stats' ? statsOf(sums) : { ...statsOf(sums), ...boundsFlat(sums, sigma) }
  if (property === undefined || !Object.hasOwn(values, property))
    throw malformed(`[${type}] needs one of its properties, not [${property ?? ''}]`)
  if (property === 'min' || property === 'max') return sums[property]
  const value = values[property]
  return typeof value === 'number' ? value : Number.NaN
}

/** Orders name the bounds `std_upper` and `std_lower`. */
function boundsFlat(sums: Sums, sigma: number): Readonly<Record<string, Json>> {
  const extended = extendedStats(sums, sigma)
  const { upper = null, lower = null } = extended.std_deviation_bounds
  return { ...extended, std_upper: upper, std_lower: lower }
}
