import type { LineParts, LineSpan } from '@warren/lineprotocol/line-parts'
import type { SeriesEntry } from './dictionary.ts'

const space = 0x20
const { latin1Slice } = Buffer.prototype

interface KnownKey {
  readonly series: SeriesEntry
  readonly start: number
  readonly end: number
}

/** Series by the keys of their lines, as senders wrote them: the same series may have its tags in several orders.
 *  The keys stand in the order in which they came first, which senders mostly keep: a line's key is compared with the one after the last before it is looked up, which takes a string and its hash. */
export class RawKeys {
  readonly #byText = new Map<string, number>()
  readonly #keys: KnownKey[] = []
  #bytes = new Uint8Array(4096)
  #used = 0
  #last = -1

  get size(): number {
    return this.#keys.length
  }

  /** The series whose key came after the last, if the line begins with that key; sets the parts that say where it is, but not where the measurement ends. */
  next({ bytes, start, end }: LineSpan, parts: LineParts): SeriesEntry | undefined {
    const place = this.#last + 1 < this.#keys.length ? this.#last + 1 : 0
    const known = this.#keys[place]
    if (known === undefined) return undefined
    const keyEnd = start + known.end - known.start
    // What scanning found up to this space it would find again.
    if (keyEnd >= end || bytes[keyEnd] !== space) return undefined
    const own = this.#bytes
    for (let at = known.start, other = start; at < known.end; at++, other++)
      if (own[at] !== bytes[other]) return undefined
    parts.measurementStart = start
    parts.keyEnd = keyEnd
    this.#last = place
    return known.series
  }

  get(bytes: Uint8Array, { measurementStart, keyEnd }: LineParts): SeriesEntry | undefined {
    const place = this.#byText.get(latin1Slice.call(bytes, measurementStart, keyEnd))
    if (place === undefined) return undefined
    this.#last = place
    return this.#keys[place]?.series
  }

  /** Of a key that is not known yet, or stands for the same series. */
  add(bytes: Uint8Array, { measurementStart, keyEnd }: LineParts, series: SeriesEntry): void {
    const text = latin1Slice.call(bytes, measurementStart, keyEnd)
    if (this.#byText.has(text)) return
    const end = this.#used + keyEnd - measurementStart
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2))
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    this.#bytes.set(bytes.subarray(measurementStart, keyEnd), this.#used)
    this.#last = this.#keys.push({ series, start: this.#used, end }) - 1
    this.#byText.set(text, this.#last)
    this.#used = end
  }

  clear(): void {
    this.#byText.clear()
    this.#keys.length = 0
    this.#used = 0
    this.#last = -1
  }
}
