/** How many values one bucket may keep to be exact. */
export interface ExactLimits {
  readonly most: number
  /** When all buckets of a search have kept `ofAll`. */
  readonly least: number
  readonly ofAll: number
}

/** Values of one kind that the buckets of a search keep to be exact, until they are estimated. */
export class KeptValues {
  readonly #limits: ExactLimits
  readonly #take: (values: number, bytes: number) => void
  #count = 0

  /** `take` throws when it is too much; with less than nothing it is given back. */
  constructor(limits: ExactLimits, take: (values: number, bytes: number) => void) {
    this.#limits = limits
    this.#take = take
  }

  /** Of one bucket, just now. */
  get most(): number {
    const { most, least, ofAll } = this.#limits
    return this.#count < ofAll ? most : least
  }

  keep(bytes: number): void {
    this.#count++
    this.#take(1, bytes)
  }

  giveBack(values: number, bytes: number): void {
    this.#count -= values
    this.#take(-values, -bytes)
  }
}
