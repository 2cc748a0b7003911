import { Worth } from './worth.ts'

/** A store of so many cores that share their time among its queries, on a clock by hand, before it a queue that never ends. */
export interface SimulatedStore {
  /** Of the cores; may change. */
  cores: number
  /** What each query more takes of the others' time: 0.1 is a tenth. */
  contention: number
  /** How many of so many turns may be taken: one tenant's are fewer. */
  taken(turns: number): number
  /** How fast it is just now beside what it was: other work on its machine. */
  paceAt(nowMs: number): number
}

interface Query {
  readonly cost: number
  leftMs: number
  readonly beginMs: number
  readonly slice: ReturnType<Worth['began']>
}

export interface Traffic {
  /** The next query: its cost as estimated, and how long it takes a core, ms. */
  next(): { readonly cost: number; readonly workMs: number }
}

/** Seeded, so that a run can be repeated: mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296
  }
}

export class Simulation {
  readonly store: SimulatedStore
  readonly worth: Worth
  readonly #traffic: Traffic
  #running: Query[] = []
  #nowMs = 0
  /** Core-milliseconds of what was answered. */
  #doneMs = 0

  constructor(store: SimulatedStore, most: number, traffic: Traffic) {
    this.store = store
    this.worth = new Worth(most, () => this.#nowMs)
    this.#traffic = traffic
  }

  /** What the store did in so long: core-milliseconds of what was answered by millisecond, and the mean of what was found meanwhile. */
  run(ms: number): { readonly busyCores: number; readonly found: number } {
    const startMs = this.#nowMs
    const startDoneMs = this.#doneMs
    let found = 0
    while (this.#nowMs - startMs < ms) {
      this.#fill()
      found += this.worth.found * this.#untilNextEnd()
    }
    const passedMs = this.#nowMs - startMs
    return { busyCores: (this.#doneMs - startDoneMs) / passedMs, found: found / passedMs }
  }

  #fill(): void {
    while (this.#running.length < this.store.taken(this.worth.turns)) {
      const { cost, workMs } = this.#traffic.next()
      const slice = this.worth.began(this.#running.length + 1)
      this.#running.push({ cost, leftMs: workMs, beginMs: this.#nowMs, slice })
    }
  }

  /** Until the next query ends; returns how long that was, ms. */
  #untilNextEnd(): number {
    const { cores, contention } = this.store
    const count = this.#running.length
    const pace = this.store.paceAt(this.#nowMs)
    const speed = (pace * Math.min(1, cores / count)) / (1 + contention * (count - 1))
    const leastMs = Math.min(...this.#running.map(({ leftMs }) => leftMs))
    const passedMs = leastMs / speed
    this.#nowMs += passedMs
    this.#doneMs += leastMs * count
    for (const query of this.#running) query.leftMs -= leastMs
    const ended = this.#running.filter(({ leftMs }) => leftMs <= 1e-9)
    this.#running = this.#running.filter(({ leftMs }) => leftMs > 1e-9)
    for (const { slice, cost, beginMs } of ended) slice?.took(cost, this.#nowMs - beginMs)
    return passedMs
  }
}
