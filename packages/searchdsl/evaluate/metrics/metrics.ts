import type { Json } from '../../answer.ts'
import { malformed } from '../../errors.ts'
import { fieldType } from '../../field-types.ts'
import { formatDateMs } from '../../time/date-text.ts'
import type { FieldMetric } from '../../tree.ts'
import { type Aggregator, finite } from '../aggregator.ts'
import type { Budget } from '../memory/budget.ts'
import type { RecordView } from '../record-view.ts'
import { Cardinality } from './cardinality.ts'
import { type ExtendedStats, extendedStats, namedBounds, type Sums } from './extended-stats.ts'

/** Metrics of one field; the numeric ones keep count, sum, least and largest, whichever is asked. One a bucket: what they have in common is kept once. */
export function compileFieldMetric(metric: FieldMetric, budget: Budget): () => Aggregator {
  const { type } = metric
  if (type === 'cardinality') return () => new Cardinality(metric, budget)
  if (type === 'value_count') return () => new ValueCount(metric)
  const reading: Reading = {
    type,
    field: metric.field,
    sigma: metric.sigma ?? 2,
    missing: typeof metric.missing === 'number' ? metric.missing : undefined,
    isDate: fieldType(metric.field) === 'date',
  }
  return () => new Statistics(reading)
}

class ValueCount implements Aggregator {
  readonly #metric: FieldMetric
  #count = 0

  constructor(metric: FieldMetric) {
    this.#metric = metric
  }

  add(record: RecordView): void {
    const { field, missing } = this.#metric
    if (record.get(field) !== undefined || missing !== undefined) this.#count++
  }

  answer() {
    return { value: this.#count }
  }

  number(): number {
    return this.#count
  }
}

interface Reading {
  readonly type: Exclude<FieldMetric['type'], 'cardinality' | 'value_count'>
  readonly field: string
  readonly sigma: number
  readonly missing: number | undefined
  readonly isDate: boolean
}

class Statistics implements Aggregator, Sums {
  readonly #reading: Reading
  count = 0
  sum = 0
  squares = 0
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY

  constructor(reading: Reading) {
    this.#reading = reading
  }

  add(record: RecordView): void {
    const value = record.get(this.#reading.field) ?? this.#reading.missing
    if (typeof value === 'number') addTo(this, value)
  }

  answer(): Readonly<Record<string, Json>> {
    const { type, sigma, isDate } = this.#reading
    switch (type) {
      case 'stats':
        return isDate ? withTexts(statsOf(this)) : statsOf(this)
      case 'extended_stats':
        return { ...statsOf(this), ...extendedStats(this, sigma) }
      case 'avg':
      case 'sum':
      case 'min':
      case 'max':
        return single(valueOfType(this, type), isDate)
    }
  }

  number(property: string | undefined): number {
    const { type, sigma } = this.#reading
    return numberOf(this, { type, sigma, property })
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
  readonly type: Reading['type']
  readonly sigma: number
  readonly property: string | undefined
}

function numberOf(sums: Sums, { type, sigma, property }: Wanted): number {
  if (type !== 'stats' && type !== 'extended_stats') {
    if (property === undefined || property === 'value') return valueOfType(sums, type)
    throw malformed(`[${type}] has no property [${property}]`)
  }
  const values: Readonly<Record<string, Json>> =
    type === 'stats'
      ? statsOf(sums)
      : { ...statsOf(sums), ...withNamedBounds(extendedStats(sums, sigma)) }
  if (property === undefined || !Object.hasOwn(values, property))
    throw malformed(`[${type}] needs one of its properties, not [${property ?? ''}]`)
  if (property === 'min' || property === 'max') return sums[property]
  const value = values[property]
  return typeof value === 'number' ? value : Number.NaN
}

function withNamedBounds(stats: ExtendedStats): Readonly<Record<string, Json>> {
  return { ...stats, ...namedBounds(stats.std_deviation_bounds) }
}
