/** How the first values of an indicator come about: with a growing window, or as a plain mean. */
export type Warmup = 'exponential' | 'simple'

/** A running average with falling weights; https://docs.influxdata.com/influxdb/v1/query_language/functions/#exponential_moving_average */
export class ExponentialAverage {
  readonly #period: number
  readonly #warmup: Warmup
  readonly #alpha: number
  #count = 0
  last = 0

  constructor(period: number, warmup: Warmup, alpha = 2 / (period + 1)) {
    this.#period = period
    this.#warmup = warmup
    this.#alpha = alpha
  }

  /** Whether what it yields may be averaged again. */
  get isUsable(): boolean {
    return this.#warmup === 'exponential' || this.#count === this.#period
  }

  add(value: number): number {
    this.last = this.#next(value)
    if (this.#count < this.#period) this.#count++
    return this.last
  }

  #next(value: number): number {
    const { last } = this
    if (this.#count === 0) return value
    if (this.#count === this.#period) return (value - last) * this.#alpha + last
    if (this.#warmup === 'simple') return (last * this.#count + value) / (this.#count + 1)
    return (value - last) * (2 / (this.#count + 2)) + last
  }
}
