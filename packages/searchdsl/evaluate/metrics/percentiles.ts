import { TDigest } from 'tdigest'
import type { PercentilesMetric } from '../../tree.ts'
import { type Aggregator, finite } from '../aggregator.ts'
import type { Budget } from '../memory/budget.ts'
import { numberBytes } from '../memory/group-bytes.ts'
import type { RecordView } from '../record-view.ts'

export function compilePercentiles(metric: PercentilesMetric, budget: Budget): () => Aggregator {
  return () => new Percentiles(metric, budget)
}

/** At most a thirtieth of the values in one place, at the ends far less; taken apart and together again at ten times as many places. */
const digestOptions = [0.03, 10] as const
/** Its tree at its largest. */
const digestBytes = 64 * 1024

/** Exact, with linear interpolation between neighbours, until there are too many; Elasticsearch's own are estimates that agree on few values. */
class Percentiles implements Aggregator {
  readonly #metric: PercentilesMetric
  readonly #budget: Budget
  #values: number[] | TDigest = []
  #sorted: Float64Array | undefined

  constructor(metric: PercentilesMetric, budget: Budget) {
    this.#metric = metric
    this.#budget = budget
  }

  add(record: RecordView): void {
    const value = record.get(this.#metric.field) ?? this.#metric.missing
    if (typeof value !== 'number') return
    if (this.#values instanceof TDigest) this.#values.push(value)
    else this.#keep(this.#values, value)
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

  #keep(values: number[], value: number): void {
    const { numbers } = this.#budget
    if (values.length < numbers.most) {
      numbers.keep(numberBytes)
      values.push(value)
      this.#sorted = undefined
      return
    }
    numbers.giveBack(values.length, values.length * numberBytes)
    this.#budget.takeSketch(digestBytes)
    const digest = new TDigest(...digestOptions)
    for (const each of values) digest.push(each)
    digest.push(value)
    this.#values = digest
  }

  #at(percent: number): number {
    if (this.#values instanceof TDigest) return this.#values.percentile(percent / 100) ?? Number.NaN
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
