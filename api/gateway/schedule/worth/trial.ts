import { Slice } from './slice.ts'

export type Verdict = 'fewer' | 'more' | 'unclear'

/** What so many more turns at once must bring, of what they would if nothing were slower for them: twice as many 2^0.33, a quarter more.
 *  At 0.5 the store's power (throughput over latency: Kleinrock, 1979) is the greatest; below it throughput counts more. */
const leastGain = 0.33
/** A slice has so many queries for each turn, and takes so long at least, ms. */
const rounds = 4
const leastBegun = 8
const leastMs = 50
/** Pairs of slices until a verdict. */
const leastPairs = 3
const mostPairs = 16
/** Means so many standard errors away from zero are no chance; a few pairs that agree by chance still have this error each. */
const sureErrors = 1.5
const leastDeviation = 0.05
/** Of the difference in turns, what must have been used. */
const leastContrast = 0.5

/** Asks a store fewer and more at once in turn, a few dozen queries each, and judges whether more at once bring more answers.
 *  Neighbouring slices are compared, and like with like in them, so neither the store's other work nor a change of what is asked for is taken for the limit's doing. */
export class Trial {
  readonly sinceMs: number
  readonly #fewer: number
  readonly #more: number
  readonly #slices: [Slice, ...Slice[]]
  #verdict: Verdict | undefined

  /** `fewer` < `more`. */
  constructor(fewer: number, more: number, nowMs: number) {
    this.#fewer = fewer
    this.#more = more
    this.sinceMs = nowMs
    this.#slices = [new Slice(more, nowMs)]
  }

  /** In force now. */
  get turns(): number {
    return this.#last.turns
  }

  get #last(): Slice {
    return this.#slices.at(-1) as Slice
  }

  /** Undefined: too early to say. */
  get verdict(): Verdict | undefined {
    return this.#verdict
  }

  /** A query begins while others wait, as one of so many at the store; what it takes belongs to the slice. */
  began(running: number, nowMs: number): Slice {
    const slice = this.#last
    slice.began(running)
    const { begun, turns, sinceMs } = slice
    if (begun >= Math.max(leastBegun, rounds * turns) && nowMs - sinceMs >= leastMs) {
      this.#verdict = this.#judge()
      this.#slices.push(new Slice(this.#turnsOf(this.#slices.length), nowMs))
    }
    return slice
  }

  #judge(): Verdict | undefined {
    // Of the last slice, which is whole, queries are still under way.
    const pairs = Math.floor((this.#slices.length - 1) / 2)
    if (pairs < leastPairs) return undefined
    const losses = this.#losses(pairs)
    const { mean, error } = meanOf(losses)
    if (losses.length >= leastPairs && Math.abs(mean) > sureErrors * error)
      return mean > 0 ? 'fewer' : 'more'
    return pairs < mostPairs ? undefined : 'unclear'
  }

  /** More, fewer, fewer, more, more, fewer, …: what rises or falls meanwhile adds to both alike. */
  #turnsOf(index: number): number {
    return index % 4 === 0 || index % 4 === 3 ? this.#more : this.#fewer
  }

  /** Of each pair that says something, how much slower more at once were than is worth it: above 0 they were not worth it. */
  #losses(pairs: number): readonly number[] {
    const losses: number[] = []
    for (let pair = 0; pair < pairs; pair++) {
      const [one, other] = this.#slices.slice(2 * pair, 2 * pair + 2)
      if (one === undefined || other === undefined) break
      const loss = one.turns > other.turns ? lossOf(one, other) : lossOf(other, one)
      if (loss !== undefined) losses.push(loss)
    }
    return losses
  }
}

/** By Little's law throughput grows as what is at the store, and shrinks as how long that takes. */
function lossOf(more: Slice, fewer: Slice): number | undefined {
  const slowness = more.slownessOver(fewer)
  const growth = Math.log(more.atOnce / fewer.atOnce)
  if (slowness === undefined || growth < leastContrast * Math.log(more.turns / fewer.turns))
    return undefined
  return slowness - (1 - leastGain) * growth
}

function meanOf(values: readonly number[]) {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const variance = squares / Math.max(1, count - 1)
  return { mean, error: Math.sqrt((variance + leastDeviation ** 2) / count) }
}
