/** What a query is compared with: those of about its cost, a power of two. */
const classOf = (cost: number): number => Math.round(Math.log2(Math.max(cost, 1)))

interface Sum {
  count: number
  ms: number
}

/** A stretch of time in which a store was asked up to so many queries at once while others waited, and how long those took that began in it. */
export class Slice {
  readonly turns: number
  readonly sinceMs: number
  readonly #took = new Map<number, Sum>()
  #begun = 0
  #running = 0

  constructor(turns: number, sinceMs: number) {
    this.turns = turns
    this.sinceMs = sinceMs
  }

  get begun(): number {
    return this.#begun
  }

  /** How many were at the store when one began, itself included, on average. */
  get atOnce(): number {
    return this.#running / this.#begun
  }

  began(running: number): void {
    this.#begun++
    this.#running += running
  }

  took(cost: number, ms: number): void {
    const id = classOf(cost)
    const sum = this.#took.get(id) ?? { count: 0, ms: 0 }
    sum.count++
    // A clock that is not finer says 0.
    sum.ms += Math.max(ms, 0.001)
    this.#took.set(id, sum)
  }

  /** How much longer the same queries took here than there, as a logarithm. Undefined where hardly any are like those there. */
  slownessOver(other: Slice): number | undefined {
    let count = 0
    let sum = 0
    for (const [id, here] of this.#took) {
      const there = other.#took.get(id)
      if (there === undefined) continue
      const alike = Math.min(here.count, there.count)
      count += alike
      sum += alike * Math.log(here.ms / here.count / (there.ms / there.count))
    }
    return count < leastAlike ? undefined : sum / count
  }
}

const leastAlike = 4
