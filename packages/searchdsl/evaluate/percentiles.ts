import type { PercentilesMetric } from '../tree.ts'
import { type Aggregator, finite } from './aggregator.ts'
import type { Budget } from './budget.ts'

/** Exact, with linear interpolation between neighbours; Elasticsearch's own are estimates that agree on few values. */
export function compilePercentiles(metric: PercentilesMetric, budget: Budget): () => Aggregator {
  const { field, percents, missing } = metric
  return () => {
    const values: number[] = []
    let sorted: Float64Array | undefined
    const percentile = (percent: number) => {
      sorted ??= Float64Array.from(values).sort()
      return percentileOf(sorted, percent)
    }
    return {
      add: (record) => {
        const value = record.get(field) ?? missing
        if (typeof value !== 'number') return
        budget.keepValue()
        values.push(value)
        sorted = undefined
      },
      answer: () => ({
        values: Object.fromEntries(
          percents.map((percent) => [printPercent(percent), finite(percentile(percent))]),
        ),
      }),
      number: (property) => percentile(Number(property)),
    }
  }
}

function percentileOf(sorted: Float64Array, percent: number): number {
  const place = (percent / 100) * (sorted.length - 1)
  const low = Math.floor(place)
  const below = sorted[low] ?? Number.NaN
  const above = sorted[Math.min(low + 1, sorted.length - 1)] ?? Number.NaN
  return below + (above - below) * (place - low)
}

/** As Java prints a double: `95.0`. */
function printPercent(percent: number): string {
  return Number.isInteger(percent) ? percent.toFixed(1) : String(percent)
}
