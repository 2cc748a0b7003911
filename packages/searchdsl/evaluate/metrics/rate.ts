import { roundingOf } from '../../time/rounding.ts'
import type { DateHistogramAggregation, RateMetric, RateUnit } from '../../tree.ts'
import type { AggregateContext, Aggregator } from '../aggregator.ts'
import type { RecordView } from '../record-view.ts'

const unitMs = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const
const unitMonths = { month: 1, quarter: 3, year: 12 } as const

const isFixed = (unit: RateUnit): unit is keyof typeof unitMs => Object.hasOwn(unitMs, unit)

/** How many units long a bucket is, as Elasticsearch has it: a calendar day counts 24 hours, a month what it has. */
export function bucketSizeOf(
  aggregation: DateHistogramAggregation,
): (keyMs: number, unit: RateUnit) => number {
  const { interval } = aggregation
  if (interval.kind === 'fixed') return (_, unit) => interval.ms / msOf(unit)
  const { unit: step } = interval
  if (isFixed(step)) return (_, unit) => unitMs[step] / msOf(unit)
  const { next } = roundingOf(aggregation)
  return (keyMs, unit) =>
    isFixed(unit) ? (next(keyMs) - keyMs) / unitMs[unit] : unitMonths[step] / unitMonths[unit]
}

function msOf(unit: RateUnit): number {
  if (isFixed(unit)) return unitMs[unit]
  throw new Error(`BUG: [${unit}] of an interval that is not of months`)
}

/** Matches, or the sum or number of a field's values, a unit of time. */
export function compileRate(
  metric: RateMetric,
  { bucketSize }: AggregateContext,
): (key?: number) => Aggregator {
  const amountOf = compileAmount(metric)
  if (bucketSize === undefined) throw new Error('BUG: a rate outside of a date histogram')
  return (key = 0) => {
    const size = bucketSize(key, metric.unit)
    let total = 0
    return {
      add: (record) => {
        total += amountOf(record)
      },
      answer: () => ({ value: total / size }),
      number: () => total / size,
    }
  }
}

function compileAmount({ field, mode }: RateMetric): (record: RecordView) => number {
  if (field === undefined) return ({ weight = 1 }) => weight
  return (record) => {
    const value = record.get(field)
    if (typeof value !== 'number') return 0
    return mode === 'value_count' ? 1 : value
  }
}
