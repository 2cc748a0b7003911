import { hashText } from '@warren/platform/hash-text'
import { analyse } from '@warren/searchdsl/analyse'

/** Counters, by the low bits of a word. Words that share one are counted together, which only makes some common that are not. */
const counterBits = 20
const mask = 2 ** counterBits - 1
/** Places that remember which record had a word last. */
const lastBits = 12
const lastMask = 2 ** lastBits - 1
const firstCapacity = 65_536

/** Words of a segment's records, as they are read. */
export class SegmentWords {
  readonly #maxCount: number
  readonly #counts = new Uint16Array(mask + 1)
  readonly #common = new Set<number>()
  readonly #lastWord = new Float64Array(lastMask + 1)
  readonly #lastRecord = new Float64Array(lastMask + 1).fill(-1)
  #words = new Float64Array(firstCapacity)
  #records = new Float64Array(firstCapacity)
  #size = 0

  /** A word of more records than that is common; below 65,536. */
  constructor(maxCount: number) {
    this.#maxCount = maxCount
  }

  /** Of pairs; some of them are of words that have become common since. */
  get size(): number {
    return this.#size
  }

  get common(): ReadonlySet<number> {
    return this.#common
  }

  add(record: number, message: string): void {
    for (const text of analyse(message)) this.#addWord(record, hashText(text))
  }

  /** Pairs of word and record as columns of 64-bit integers. A word may be there twice for one record. */
  columns(): readonly [BigInt64Array, BigInt64Array] {
    return [toLongs(this.#words, this.#size), toLongs(this.#records, this.#size)]
  }

  #addWord(record: number, word: number): void {
    const last = word & lastMask
    if (this.#lastWord[last] === word && this.#lastRecord[last] === record) return
    this.#lastWord[last] = word
    this.#lastRecord[last] = record
    const place = word & mask
    const count = this.#counts[place] ?? 0
    if (count >= this.#maxCount) {
      this.#common.add(word)
      return
    }
    this.#counts[place] = count + 1
    if (this.#size === this.#words.length) this.#grow()
    this.#words[this.#size] = word
    this.#records[this.#size] = record
    this.#size++
  }

  #grow(): void {
    const words = new Float64Array(this.#words.length * 2)
    words.set(this.#words)
    this.#words = words
    const records = new Float64Array(this.#records.length * 2)
    records.set(this.#records)
    this.#records = records
  }
}

/** Half by half: each number of 64 bits in hand would be an object. */
function toLongs(numbers: Float64Array, count: number): BigInt64Array {
  const halves = new Uint32Array(count * 2)
  for (let at = 0; at < count; at++) {
    const number = numbers[at] ?? 0
    halves[2 * at] = number >>> 0
    halves[2 * at + 1] = number / 2 ** 32
  }
  return new BigInt64Array(halves.buffer)
}
