import type { ItemNames } from '@warren/stores/item-names'
import type { Chunk } from '../chunk.ts'
import { LineBuffer } from '../line-buffer.ts'
import { RecordColumns } from './record-columns.ts'

export interface LogChunk extends Chunk {
  /** 32 ASCII hex digits a record. */
  readonly ids: Uint8Array
  /** `event.dataset` of each record, as it was sent; empty without one. */
  readonly datasets: ItemNames
}

const noBytes = Buffer.alloc(0)

/** The canonical records of one message, reused from message to message. Lines of its body that stay as they are get copied together, where other lines end their run;
 *  a body of nothing else is taken over without a copy. */
export class RecordLines {
  readonly columns = new RecordColumns()
  readonly #out = new LineBuffer()
  #body: Buffer = noBytes
  /** Lines of the body that are noted, but not copied yet. */
  #from = 0
  #to = 0

  begin(body: Buffer): void {
    this.#body = body
    this.#from = 0
    this.#to = 0
    this.#out.reset()
    this.columns.reset()
  }

  /** Takes the line `[start, end)` of the body, its line feed included. */
  keep(start: number, end: number, position: number): void {
    if (this.#to !== start) this.#copyKept()
    if (this.#to === 0) this.#from = start
    this.#to = end
    this.#out.noteLine(this.#out.length + start - this.#from, position)
  }

  /** Where a line of at most so many bytes can be written that is not the body's. */
  open(maxBytes: number): LineBuffer {
    this.#copyKept()
    this.#out.reserve(maxBytes)
    return this.#out
  }

  toChunk(): LogChunk {
    const chunk = { ...this.#toLines(), ...this.columns.toColumns() }
    // Not kept alive until the next message.
    this.#body = noBytes
    return chunk
  }

  #toLines(): Chunk {
    const body = this.#body
    if (this.#out.length > 0 || this.#to - this.#from < body.length) {
      this.#copyKept()
      return this.#out.toChunk()
    }
    // A plain array, whose slices are copies.
    return this.#out.toChunk(new Uint8Array(body.buffer, body.byteOffset, body.length))
  }

  #copyKept(): void {
    if (this.#to === 0) return
    this.#out.reserve(this.#to - this.#from)
    this.#out.copyLong(this.#body, this.#from, this.#to)
    this.#from = 0
    this.#to = 0
  }
}
