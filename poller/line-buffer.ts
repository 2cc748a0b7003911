import type { Chunk } from './chunk.ts'

const lineFeed = 0x0a
const { copy } = Buffer.prototype

/** Lines that were written elsewhere. */
type LineRun = Required<Pick<Chunk, 'bytes' | 'starts' | 'series'>>

/** A growing buffer of lines, reused from message to message. A line is begun, written through `bytes` and `length`, and ended; or dropped. */
export class LineBuffer {
  bytes = new Uint8Array(256 * 1024)
  length = 0
  #starts = new Uint32Array(4096)
  #positions = new Uint32Array(4096)
  #series = new Int32Array(8192)
  #hasSeries = false
  #count = 0

  reset(): void {
    this.length = 0
    this.#count = 0
    this.#hasSeries = false
  }

  /** Makes room for this many more bytes; `bytes` may be another array afterwards. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }

  /** Copies `[start, end)`; a loop, since a native call costs more than the few bytes of a tag or field. */
  copy(source: Uint8Array, start: number, end: number): void {
    const { bytes } = this
    let at = this.length
    for (let from = start; from < end; from += 1) bytes[at++] = source[from] ?? 0
    this.length = at
  }

  /** Copies `[start, end)` of what is mostly longer than fifty bytes. */
  copyLong(source: Uint8Array, start: number, end: number): void {
    // No view between: it would cost more than the copy.
    copy.call(source, this.bytes, this.length, start, end)
    this.length += end - start
  }

  /** Ends the line that was written since `start`. */
  endLine(start: number, position: number): void {
    this.noteLine(start, position)
    this.reserve(1)
    this.bytes[this.length] = lineFeed
    this.length += 1
  }

  /** A line that starts here and has its line feed, or will have. */
  noteLine(start: number, position: number): void {
    if (this.#count + 1 >= this.#starts.length) this.#growTables()
    this.#starts[this.#count] = start
    this.#positions[this.#count] = position
    this.#series[2 * this.#count] = 0
    this.#series[2 * this.#count + 1] = 0
    this.#count += 1
  }

  /** Copies lines that follow each other in their message, the first one at this position. */
  append({ bytes, starts, series }: LineRun, firstPosition: number): void {
    const lines = starts.length - 1
    this.reserve(bytes.length)
    this.bytes.set(bytes, this.length)
    while (this.#count + lines >= this.#starts.length) this.#growTables()
    for (let line = 0; line < lines; line += 1) {
      this.#starts[this.#count + line] = this.length + (starts[line] ?? 0)
      this.#positions[this.#count + line] = firstPosition + line
    }
    this.#series.set(series, 2 * this.#count)
    this.#hasSeries = true
    this.#count += lines
    this.length += bytes.length
  }

  #growTables(): void {
    const starts = new Uint32Array(this.#starts.length * 2)
    starts.set(this.#starts)
    this.#starts = starts
    const positions = new Uint32Array(this.#positions.length * 2)
    positions.set(this.#positions)
    this.#positions = positions
    const series = new Int32Array(this.#series.length * 2)
    series.set(this.#series)
    this.#series = series
  }

  /** A copy of what was written; a slice would be filled with zeros first. */
  #copyWritten(): Uint8Array {
    // No Buffer, whose own slices are views.
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(this.length).buffer)
    copy.call(this.bytes, bytes, 0, 0, this.length)
    return bytes
  }

  /** Of what was written, or of other bytes that hold the noted lines. */
  toChunk(bytes: Uint8Array = this.#copyWritten()): Chunk {
    const count = this.#count
    this.#starts[count] = bytes.length
    // One buffer for all three: it is made and let go of with every message.
    const table = new Uint32Array(count + 1 + count + (this.#hasSeries ? 2 * count : 0))
    const starts = table.subarray(0, count + 1)
    const positions = table.subarray(count + 1, 2 * count + 1)
    starts.set(this.#starts.subarray(0, count + 1))
    positions.set(this.#positions.subarray(0, count))
    if (!this.#hasSeries) return { bytes, starts, positions }
    const series = new Int32Array(table.buffer, (2 * count + 1) * table.BYTES_PER_ELEMENT)
    series.set(this.#series.subarray(0, 2 * count))
    return { bytes, starts, positions, series }
  }
}
