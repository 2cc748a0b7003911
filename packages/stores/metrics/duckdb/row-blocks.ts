import { freeBytes } from '@warren/platform/free-bytes'

export type Numbers = Float64Array | BigInt64Array

/** Rows as they were read: column, time, value. */
export interface Piece<Values extends Numbers> {
  readonly columns: Int32Array
  /** From the file's midnight. */
  readonly offsetsNs: Float64Array
  readonly values: Values
}

/** Rows that have come, with room for more. */
export interface Block<Values extends Numbers> extends Piece<Values> {
  count: number
}

/** Rows of a block. Each array is memory outside of V8's heap, of which many small ones keep its collector busy. */
const leastRows = 2048
const mostRows = 65_536

/** Copies of the rows of a query, until they are put in order. */
export class RowBlocks<Values extends Numbers> {
  readonly #blocks: Block<Values>[] = []

  readonly #allocate: new (
    length: number,
  ) => Values

  constructor(Values: new (length: number) => Values) {
    this.#allocate = Values
  }

  /** Copies the rows, and returns where: a chunk's memory may be that of the file. */
  add({ columns, offsetsNs, values }: Piece<Values>): Piece<Values> {
    const block = this.#blockFor(columns.length)
    const [from, to] = [block.count, block.count + columns.length]
    block.count = to
    const copy = {
      columns: block.columns.subarray(from, to),
      offsetsNs: block.offsetsNs.subarray(from, to),
      values: block.values.subarray(from, to) as Values,
    }
    copy.columns.set(columns)
    copy.offsetsNs.set(offsetsNs)
    copyAll(copy.values, values)
    return copy
  }

  all(): readonly Block<Values>[] {
    return this.#blocks
  }

  /** Gives the memory back, of which nothing is read any more: left to the collector, the rows of one question are enough for V8 to mark the thread's whole heap. */
  free(): void {
    for (const { columns, offsetsNs, values } of this.#blocks.splice(0))
      for (const array of [columns, offsetsNs, values]) freeBytes(array)
  }

  /** One that has room for so many more. */
  #blockFor(rows: number): Block<Values> {
    const last = this.#blocks.at(-1)
    const size = last?.columns.length ?? leastRows / 2
    if (last !== undefined && last.count + rows <= size) return last
    const room = Math.max(rows, Math.min(mostRows, 2 * size))
    const block = {
      columns: new Int32Array(room),
      offsetsNs: new Float64Array(room),
      values: new this.#allocate(room),
      count: 0,
    }
    this.#blocks.push(block)
    return block
  }
}

/** Of arrays of the same kind: they take no other. */
function copyAll(into: Numbers, values: Numbers): void {
  if (values instanceof BigInt64Array) (into as BigInt64Array).set(values)
  else (into as Float64Array).set(values)
}
