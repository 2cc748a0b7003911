import type { ItemNames } from '@warren/stores/item-names'
import { idDigits } from '@warren/stores/record-ids'
import type { LineBuffer } from '../line-buffer.ts'

/** Ids and datasets of the records of one message, reused from message to message. */
export class RecordColumns {
  #ids = new Uint8Array(4096 * idDigits)
  #places = new Uint32Array(4096)
  #names: string[] = []
  #placeOf = new Map<string, number>()
  #count = 0

  reset(): void {
    this.#names = []
    this.#placeOf = new Map()
    this.#count = 0
  }

  /** A record whose id stands at `idAt` of the bytes, and its dataset; empty without one. */
  add(bytes: Uint8Array, idAt: number, dataset: string): void {
    const at = this.#next(dataset)
    for (let digit = 0; digit < idDigits; digit += 1)
      this.#ids[at + digit] = bytes[idAt + digit] ?? 0
  }

  addText(id: string, dataset: string): void {
    const at = this.#next(dataset)
    for (let digit = 0; digit < idDigits; digit += 1) this.#ids[at + digit] = id.charCodeAt(digit)
  }

  /** Writes the id that was added last. */
  copyLast(out: LineBuffer): void {
    out.copy(this.#ids, (this.#count - 1) * idDigits, this.#count * idDigits)
  }

  toColumns(): { readonly ids: Uint8Array; readonly datasets: ItemNames } {
    return {
      ids: this.#ids.slice(0, this.#count * idDigits),
      datasets: { names: this.#names, places: this.#places.slice(0, this.#count) },
    }
  }

  /** Where the id of the next record goes. */
  #next(dataset: string): number {
    if (this.#count === this.#places.length) this.#grow()
    this.#places[this.#count] = this.#placeOfName(dataset)
    this.#count += 1
    return (this.#count - 1) * idDigits
  }

  #placeOfName(name: string): number {
    // Neighbouring records mostly share theirs.
    const last = this.#places[this.#count - 1] ?? 0
    if (this.#count > 0 && this.#names[last] === name) return last
    const known = this.#placeOf.get(name)
    if (known !== undefined) return known
    this.#placeOf.set(name, this.#names.length)
    return this.#names.push(name) - 1
  }

  #grow(): void {
    const ids = new Uint8Array(this.#ids.length * 2)
    ids.set(this.#ids)
    this.#ids = ids
    const places = new Uint32Array(this.#places.length * 2)
    places.set(this.#places)
    this.#places = places
  }
}
