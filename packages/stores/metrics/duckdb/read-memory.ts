import { freeBytes } from '@warren/platform/free-bytes'
import type { SortedRows } from './column-rows.ts'
import type { StoredValues } from './day-reader.ts'

/** What is under the figures and rows that one statement has read: left to the collector, those of one large statement are enough for V8 to mark the thread's whole heap. */
export class ReadMemory {
  /** Columns that were read together share theirs. */
  readonly #buffers = new Set<ArrayBufferLike>()

  add(arrays: Iterable<ArrayBufferView>): void {
    for (const { buffer } of arrays) this.#buffers.add(buffer)
  }

  addRows({ offsetsNs, values }: SortedRows<StoredValues>): void {
    this.#buffers.add(offsetsNs.buffer)
    if (ArrayBuffer.isView(values)) this.#buffers.add(values.buffer)
  }

  /** Once nobody reads them any more: they are empty afterwards. */
  free(): void {
    for (const buffer of this.#buffers) freeBytes({ buffer })
    this.#buffers.clear()
  }
}
