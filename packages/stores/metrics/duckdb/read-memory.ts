import { freeBytes } from '@warren/platform/free-bytes'
import type { SortedRows } from './column-rows.ts'
import type { StoredValues } from './day-reader.ts'

/** What is under the figures and rows that one statement has read: left to the collector, those of one large statement are enough for V8 to mark the thread's whole heap. */
export class ReadMemory {
  /** One of each buffer: columns that were read together share theirs. */
  readonly #views = new Map<ArrayBufferLike, ArrayBufferView>()

  add(arrays: Iterable<ArrayBufferView>): void {
    for (const array of arrays) this.#views.set(array.buffer, array)
  }

  addRows({ offsetsNs, values }: SortedRows<StoredValues>): void {
    this.add(ArrayBuffer.isView(values) ? [offsetsNs, values] : [offsetsNs])
  }

  /** Once nobody reads them any more: they are empty afterwards. */
  free(): void {
    for (const view of this.#views.values()) freeBytes(view)
    this.#views.clear()
  }
}
