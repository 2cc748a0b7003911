const initialRows = 64

/** Times and values of one column, which may arrive out of order; no time twice. */
export class ColumnRows {
  #offsets = new Float64Array(initialRows)
  #values = new Float64Array(initialRows)
  #count = 0
  #sorted = true

  push(offsetNs: number, value: number): void {
    const at = this.#count++
    if (at === this.#offsets.length) {
      this.#offsets = grown(this.#offsets)
      this.#values = grown(this.#values)
    }
    if (at > 0 && offsetNs < (this.#offsets[at - 1] ?? 0)) this.#sorted = false
    this.#offsets[at] = offsetNs
    this.#values[at] = value
  }

  /** Oldest first. */
  sorted(): { offsetsNs: Float64Array; values: Float64Array } {
    const offsetsNs = this.#offsets.subarray(0, this.#count)
    const values = this.#values.subarray(0, this.#count)
    if (this.#sorted) return { offsetsNs, values }
    const order = orderOf(offsetsNs)
    return {
      offsetsNs: Float64Array.from(order, (at) => offsetsNs[at] ?? 0),
      values: Float64Array.from(order, (at) => values[at] ?? 0),
    }
  }
}

/** The same for strings. */
export class TextColumnRows {
  readonly #offsets: number[] = []
  readonly #values: string[] = []

  push(offsetNs: number, value: string): void {
    this.#offsets.push(offsetNs)
    this.#values.push(value)
  }

  sorted(): { offsetsNs: Float64Array; values: string[] } {
    const order = orderOf(this.#offsets)
    return {
      offsetsNs: Float64Array.from(order, (at) => this.#offsets[at] ?? 0),
      values: Array.from(order, (at) => this.#values[at] ?? ''),
    }
  }
}

function grown(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}

const orderOf = (offsets: ArrayLike<number>): Uint32Array =>
  Uint32Array.from({ length: offsets.length }, (_, at) => at).sort(
    (a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0),
  )
