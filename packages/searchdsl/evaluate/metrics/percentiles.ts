import type { PercentilesMetric } from '../../tree.ts'
import { type Aggregator, finite } from '../aggregator.ts'
import type { Budget } from '../memory/budget.ts'
import type { RecordView } from '../record-view.ts'

export function compilePercentiles(metric: PercentilesMetric, budget: Budget): () => Aggregator {
  return () => new Percentiles(metric, budget)
}

/** Exact, with linear interpolation between neighbours; Elasticsearch's own are estimates that agree on few values. */
class Percentiles implements Aggregator {
  readonly #metric: PercentilesMetric
  readonly #budget: Budget
  readonly #values: number[] = []
  #sorted: Float64Array | undefined

  constructor(metric: PercentilesMetric, budget: Budget) {
    this.#metric = metric
    this.#budget = budget
  }

  add(record: RecordView): void {
    const value = record.get(this.#metric.field) ?? this.#metric.missing
    if (typeof value !== 'number') return
    this.#budget.keepNumber()
    this.#values.push(value)
    this.#sorted = undefined
  }

  answer() {
    const { percents } = this.#metric
    return {
      values: Object.fromEntries(
        percents.map((percent) => [printPercent(percent), finite(this.#at(percent))]),
      ),
    }
  }

  number(property: string | undefined): number {
    return this.#at(Number(property))
  }

  #at(percent: number): number {
    this.#sorted ??= Float64Array.from(this.#values).sort()
    return percentileOf(this.#sorted, percent)
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
