/** Slots a key; above it probing gets long. */
const load = 0.75
const firstKeys = 16_384
/** Odd constants of MurmurHash3's finaliser. */
const mixA = 0x85ebca6b
const mixB = 0xc2b2ae35

/** One open-addressing table of 32-bit fingerprints; 0 is a free slot. */
class Segment {
  readonly #slots: Uint32Array
  readonly #mask: number
  readonly capacity: number
  size = 0

  constructor(keys: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(keys, firstKeys) / load))
    this.#slots = new Uint32Array(slots)
    this.#mask = slots - 1
    this.capacity = Math.floor(slots * load)
  }

  has(home: number, print: number): boolean {
    let at = home & this.#mask
    for (let found = this.#slots[at]; found !== 0; found = this.#slots[at]) {
      if (found === print) return true
      at = (at + 1) & this.#mask
    }
    return false
  }

  add(home: number, print: number): void {
    let at = home & this.#mask
    while (this.#slots[at] !== 0) at = (at + 1) & this.#mask
    this.#slots[at] = print
    this.size++
  }
}

/** Says for sure that an id was never added, or that it very probably was: about one in a billion is wrong, at 6 to 11 bytes an id.
 *  Grows by a segment of double size when the last one is full. */
export class IdFilter {
  readonly #segments: Segment[]
  /** A sender that chooses ids must not be able to pile them on one slot. */
  readonly #seed: number

  constructor(expectedKeys: number, seed = Math.trunc(Math.random() * 2 ** 32)) {
    this.#segments = [new Segment(expectedKeys)]
    this.#seed = seed
  }

  /** The id is that of position `index` in `words`, four words each. */
  has(words: Uint32Array, index: number): boolean {
    const home = this.#home(words, index * 4)
    const print = this.#print(words, index * 4)
    for (let i = this.#segments.length - 1; i >= 0; i--)
      if (this.#segments[i]?.has(home, print)) return true
    return false
  }

  add(words: Uint32Array, index: number): void {
    let last = this.#segments.at(-1)
    if (last === undefined || last.size >= last.capacity) {
      last = new Segment((last?.capacity ?? 0) * 2)
      this.#segments.push(last)
    }
    last.add(this.#home(words, index * 4), this.#print(words, index * 4))
  }

  #home(words: Uint32Array, at: number): number {
    let h = Math.imul((words[at] ?? 0) ^ this.#seed, mixA)
    h = Math.imul(h ^ (h >>> 15) ^ (words[at + 1] ?? 0), mixB)
    return (h ^ (h >>> 13)) >>> 0
  }

  #print(words: Uint32Array, at: number): number {
    return ((words[at + 2] ?? 0) ^ Math.imul(words[at + 3] ?? 0, mixB)) >>> 0 || 1
  }
}
