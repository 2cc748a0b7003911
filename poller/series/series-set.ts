const firstSlots = 1024
const fullest = 0.7
/** Low half, high half, day: beside each other, so that a look costs one line of the processor's cache. */
const stride = 3

/** Hashes of series and the day (of 1970's, above 0) on which each was last seen, in twelve bytes each and as much again in empty slots. */
export class SeriesSet {
  /** A slot whose day is 0 is empty. */
  #slots = new Int32Array(firstSlots * stride)
  #last = firstSlots - 1
  #size = 0

  get size(): number {
    return this.#size
  }

  /** On which day it was last seen, 0 when it is not there. */
  dayOf(high: number, low: number): number {
    return this.#slots[this.#find(high, low) + 2] as number
  }

  /** Notes that the series was seen; on which day it was seen before, 0 when it is not there, which this does not change. */
  touch(high: number, low: number, day: number): number {
    const at = this.#find(high, low)
    const before = this.#slots[at + 2] as number
    if (before !== 0 && before < day) this.#slots[at + 2] = day
    return before
  }

  /** One that is not there yet. */
  add(high: number, low: number, day: number): void {
    const slots = this.#last + 1
    if (this.#size + 1 > slots * fullest) this.#rebuild(slots * 2, 0)
    this.#put(high, low, day)
  }

  /** Leaves out what was not seen on this day or later. */
  forget(fromDay: number): void {
    this.#rebuild(this.#last + 1, fromDay)
  }

  #put(high: number, low: number, day: number): void {
    const at = this.#find(high, low)
    this.#slots[at] = low
    this.#slots[at + 1] = high
    this.#slots[at + 2] = day
    this.#size += 1
  }

  /** Where the series is, or would be. */
  #find(high: number, low: number): number {
    const slots = this.#slots
    const last = this.#last
    let slot = low & last
    let at = slot * stride
    while (slots[at + 2] !== 0 && (slots[at] !== low || slots[at + 1] !== high)) {
      slot = (slot + 1) & last
      at = slot * stride
    }
    return at
  }

  #rebuild(slots: number, fromDay: number): void {
    const old = this.#slots
    this.#slots = new Int32Array(slots * stride)
    this.#last = slots - 1
    this.#size = 0
    for (let at = 0; at < old.length; at += stride) {
      const day = old[at + 2] ?? 0
      if (day !== 0 && day >= fromDay) this.#put(old[at + 1] ?? 0, old[at] ?? 0, day)
    }
  }
}
