import type { FieldMetric } from '../../tree.ts'
import type { Aggregator } from '../aggregator.ts'
import type { Budget } from '../memory/budget.ts'
import { distinctBytes } from '../memory/group-bytes.ts'
import type { RecordView } from '../record-view.ts'
import { HyperLogLog } from './hyper-log-log.ts'

type Value = string | number

/** Exact up to as many different values as Elasticsearch counts exactly at most, and to what these may take; an estimate beyond: a set of all trace ids has no room. */
export class Cardinality implements Aggregator {
  readonly #metric: FieldMetric
  readonly #budget: Budget
  #seen: Set<Value> | HyperLogLog = new Set()
  #seenBytes = 0

  constructor(metric: FieldMetric, budget: Budget) {
    this.#metric = metric
    this.#budget = budget
  }

  add(record: RecordView): void {
    const { field, missing } = this.#metric
    const value = record.get(field) ?? (typeof missing === 'boolean' ? String(missing) : missing)
    if (value === undefined) return
    if (this.#seen instanceof HyperLogLog) this.#seen.add(value)
    else if (!this.#seen.has(value)) this.#keep(this.#seen, value)
  }

  answer() {
    return { value: this.number() }
  }

  number(): number {
    return this.#seen instanceof HyperLogLog ? this.#seen.estimate() : this.#seen.size
  }

  #keep(seen: Set<Value>, value: Value): void {
    const bytes = distinctBytes(value)
    if (this.#budget.mayKeepDistinct(seen.size + 1, this.#seenBytes + bytes)) {
      this.#budget.keepDistinct(bytes)
      this.#seenBytes += bytes
      seen.add(value)
      return
    }
    this.#budget.estimateDistinct(seen.size, this.#seenBytes)
    const sketch = new HyperLogLog()
    for (const each of seen) sketch.add(each)
    sketch.add(value)
    this.#seen = sketch
  }
}
