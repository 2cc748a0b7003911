import type { Slice } from './slice.ts'
import { Trial, type Verdict } from './trial.ts'

interface Probe {
  readonly to: 'fewer' | 'more'
  readonly factor: number
}

/** What is tried from where the search stands, in turn: far, which shows soon, and near. */
const probes: readonly Probe[] = [
  { to: 'fewer', factor: 1 / 2 },
  { to: 'fewer', factor: 3 / 4 },
  { to: 'more', factor: 2 },
  { to: 'more', factor: 4 / 3 },
]

/** Once nothing is better, the next look comes so much later, ms, or so many times as long as the last has taken: what is lost to looking is a fifth of the time at most. */
const leastRestMs = 5000
const restOfTrial = 4

/** Finds the fewest turns at a store that give nearly all of what it can answer, between two and `most`: while work waits, it tries fewer and more, and goes where the trial says.
 *  It never stops looking, so a store that has become faster or slower is found again. */
export class Worth {
  readonly #least: number
  readonly #most: number
  readonly #now: () => number
  #turns: number
  #tried = 0
  /** Trials in a row that changed nothing. */
  #stays = 0
  #trial: Trial | undefined
  #restUntilMs = Number.NEGATIVE_INFINITY

  constructor(most: number, now: () => number = () => performance.now()) {
    // One query that takes long does not stop all others.
    this.#least = Math.min(2, most)
    this.#most = most
    this.#now = now
    this.#turns = Math.max(this.#least, Math.ceil(most / 2))
  }

  /** In force now: what was found, or what is tried. */
  get turns(): number {
    return this.#trial?.turns ?? this.#turns
  }

  /** What was found so far. */
  get found(): number {
    return this.#turns
  }

  /** A query begins while others wait, as one of so many at the store. How long it takes, when it is answered, belongs to the slice; undefined: nothing is tried now. */
  began(running: number): Slice | undefined {
    const nowMs = this.#now()
    if (this.#trial === undefined && nowMs >= this.#restUntilMs)
      this.#trial = this.#nextTrial(nowMs)
    const trial = this.#trial
    if (trial === undefined) return undefined
    const slice = trial.began(running, nowMs)
    if (trial.verdict !== undefined) this.#conclude(trial, trial.verdict, nowMs)
    return slice
  }

  #nextTrial(nowMs: number): Trial | undefined {
    for (let skipped = 0; skipped < probes.length; skipped++) {
      const { to } = this.#probe
      const turns = this.#turns
      const other = this.#reach(this.#probe)
      if (other !== turns)
        return to === 'fewer' ? new Trial(other, turns, nowMs) : new Trial(turns, other, nowMs)
      this.#tried++
    }
    return undefined
  }

  get #probe(): Probe {
    return probes[this.#tried % probes.length] as Probe
  }

  #conclude(trial: Trial, verdict: Verdict, nowMs: number): void {
    const { to } = this.#probe
    this.#trial = undefined
    if (verdict === to) {
      // Further in the same direction, and then whatever else there is.
      this.#turns = this.#reach(this.#probe)
      this.#stays = 0
      return
    }
    this.#tried++
    this.#stays++
    if (this.#stays < probes.length) return
    this.#restUntilMs = nowMs + Math.max(leastRestMs, restOfTrial * (nowMs - trial.sinceMs))
  }

  /** At least one step, as far as there is room. */
  #reach({ to, factor }: Probe): number {
    const turns = Math.round(this.#turns * factor)
    if (to === 'fewer') return Math.max(this.#least, Math.min(turns, this.#turns - 1))
    return Math.min(this.#most, Math.max(turns, this.#turns + 1))
  }
}
