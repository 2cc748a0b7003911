import { TDigest } from 'tdigest'
import type { PercentilesMetric } from '../../tree.ts'
import { type Aggregator, finite } from '../aggregator.ts'
import type { Budget } from '../memory/budget.ts'
import { numberBytes } from '../memory/group-bytes.ts'
import type { RecordView } from '../record-view.ts'

export function compilePercentiles(metric: PercentilesMetric, budget: Budget): () => Aggregator {
  return () => new Percentiles(metric, budget)
}

/** The most that one place of a digest has of all values, in the middle; at the ends it is far less. */
const delta = 0.03
/** The tree of a digest at its largest, which is ten times as many places as `delta` asks for at least. */
const digestBytes = 64 * 1024

/** How many from there on may share a place. */
const sharing = (sorted: Float64Array, from: number): number =>
  Math.max(1, Math.floor((4 * delta * from * (sorted.length - from)) / sorted.length))

/** Of a date the sum would have no room for its milliseconds. */
function meanOf(sorted: Float64Array, from: number, to: number): number {
  const first = sorted[from] ?? 0
  let sum = 0
  for (let at = from; at < to; at++) sum += (sorted[at] ?? 0) - first
  return first + sum / (to - from)
}

/** Made of them in order: putting them in one by one takes twenty times as long, and holds up all other searches. */
function digestOf(values: readonly number[]): TDigest {
  const sorted = Float64Array.from(values).sort()
  const digest = new TDigest(delta, 10)
  for (let from = 0; from < sorted.length; ) {
    const to = Math.min(sorted.length, from + sharing(sorted, from))
    digest.push_centroid({ mean: meanOf(sorted, from, to), n: to - from })
    from = to
  }
  return digest
}

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
    this.#values = digestOf(values)
    this.#values.push(value)
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
