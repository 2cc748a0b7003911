import { ExponentialAverage, type Warmup } from './exponential-average.ts'

/** A figure of technical analysis, fed value by value. Formulas and their order of additions are those of InfluxDB's query/internal/gota. */
export interface Indicator {
  /** Values to feed before it means anything. */
  readonly warmCount: number
  add(value: number): number
}

export function exponentialAverage(period: number, warmup: Warmup): Indicator {
  const average = new ExponentialAverage(period, warmup)
  return { warmCount: period - 1, add: (value) => average.add(value) }
}

/** Each average is taken of the one before it once that one is usable. */
function cascade(averages: readonly ExponentialAverage[]): (value: number) => number[] {
  return (value) => {
    const found: number[] = []
    let input = value
    let isUsable = true
    for (const average of averages) {
      if (isUsable) input = average.add(input)
      isUsable = isUsable && average.isUsable
      found.push(input)
    }
    return found
  }
}

const averagesOf = (count: number, period: number, warmup: Warmup): ExponentialAverage[] =>
  Array.from({ length: count }, () => new ExponentialAverage(period, warmup))

export function doubleExponentialAverage(period: number, warmup: Warmup): Indicator {
  const feed = cascade(averagesOf(2, period, warmup))
  return {
    warmCount: warmup === 'exponential' ? period - 1 : 2 * (period - 1),
    add: (value) => {
      const [first = 0, second = 0] = feed(value)
      return 2 * first - second
    },
  }
}

export function tripleExponentialAverage(period: number, warmup: Warmup): Indicator {
  const feed = cascade(averagesOf(3, period, warmup))
  return {
    warmCount: warmup === 'exponential' ? period - 1 : 3 * (period - 1),
    add: (value) => {
      const [first = 0, second = 0, third = 0] = feed(value)
      return 3 * first - 3 * second + third
    },
  }
}

/** Percent by which the triple average changes. */
export function tripleExponentialDerivative(period: number, warmup: Warmup): Indicator {
  const feed = cascade(averagesOf(3, period, warmup))
  let last = 0
  return {
    warmCount: warmup === 'exponential' ? period : 3 * (period - 1) + 1,
    add: (value) => {
      const current = feed(value).at(-1) ?? 0
      const rate = (current / last - 1) * 100
      last = current
      return rate
    },
  }
}

/** Averages of rises and falls. */
function movesOf(period: number, warmup: Warmup) {
  const [up, down] = [0, 1].map(() => new ExponentialAverage(period + 1, warmup, 1 / period))
  let last = 0
  return (value: number): { readonly up: number; readonly down: number } => {
    const rise = up?.add(value > last ? value - last : 0) ?? 0
    const fall = down?.add(value < last ? last - value : 0) ?? 0
    last = value
    return { up: rise, down: fall }
  }
}

export function relativeStrength(period: number, warmup: Warmup): Indicator {
  const feed = movesOf(period, warmup)
  return {
    warmCount: period,
    add: (value) => {
      const { up, down } = feed(value)
      return 100 - 100 / (1 + up / down)
    },
  }
}

export function smoothedMomentum(period: number, warmup: Warmup): Indicator {
  const feed = movesOf(period, warmup)
  return {
    warmCount: period,
    add: (value) => {
      const { up, down } = feed(value)
      return 100 * ((up - down) / (up + down))
    },
  }
}

/** A ring of values with their changes; empty slots hold zeros. */
class Ring {
  readonly #prices: number[]
  readonly #changes: number[]
  #newest = 0

  constructor(size: number) {
    this.#prices = new Array(size).fill(0)
    this.#changes = new Array(size).fill(0)
  }

  get newestPrice(): number {
    return this.#prices[this.#newest] ?? 0
  }

  get oldestPrice(): number {
    return this.#prices[this.#oldest] ?? 0
  }

  get oldestChange(): number {
    return this.#changes[this.#oldest] ?? 0
  }

  get #oldest(): number {
    return (this.#newest + 1) % this.#prices.length
  }

  push(price: number, change: number): void {
    this.#newest = this.#oldest
    this.#prices[this.#newest] = price
    this.#changes[this.#newest] = change
  }
}

export function momentum(period: number): Indicator {
  const ring = new Ring(period - 1)
  let [up, down, isFirst] = [0, 0, true]
  const count = (change: number, sign: 1 | -1) => {
    if (change > 0) up += sign * change
    else if (change < 0) down -= sign * change
  }
  return {
    warmCount: period - 1,
    add: (value) => {
      const change = isFirst ? 0 : value - ring.newestPrice
      isFirst = false
      count(change, 1)
      const found = up !== 0 || down !== 0 ? 100 * ((up - down) / (up + down)) : 0
      count(ring.oldestChange, -1)
      ring.push(value, change)
      return found
    },
  }
}

export function efficiencyRatio(period: number): Indicator & { readonly newestPrice: number } {
  const ring = new Ring(period)
  let noise = 0
  return {
    warmCount: period,
    get newestPrice() {
      return ring.newestPrice
    },
    add: (value) => {
      const signal = Math.abs(value - ring.oldestPrice)
      const change = Math.abs(value - ring.newestPrice)
      noise -= ring.oldestChange
      noise += change
      ring.push(value, change)
      return signal === 0 || noise === 0 ? 0 : signal / noise
    },
  }
}

const [fast, slow] = [2 / (2 + 1), 2 / (30 + 1)]

export function adaptiveAverage(period: number): Indicator {
  const ratio = efficiencyRatio(period)
  let [last, count] = [0, 0]
  return {
    warmCount: period,
    add: (value) => {
      if (count <= period) last = ratio.newestPrice
      if (count <= period) count++
      const smoothing = (ratio.add(value) * (fast - slow) + slow) ** 2
      last += smoothing * (value - last)
      return last
    },
  }
}
