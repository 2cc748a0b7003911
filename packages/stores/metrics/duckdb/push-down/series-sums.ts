import type { BucketSums } from '@warren/influxql/evaluate/stream/bucket-sums'
import { freeBytes } from '@warren/platform/free-bytes'
import type { ColumnSlots } from '../column-rows.ts'
import { type Piece, RowBlocks } from '../row-blocks.ts'
import { lateRows } from './late-rows.ts'

/** Where the rows of a day belong among all cells. */
export interface CellPlaces {
  /** Of the columns. */
  readonly slots: ColumnSlots
  /** By slot, the cell of the first bucket. */
  readonly firstCells: Int32Array
  /** Nanoseconds from midnight; of the first bucket, and so many times the width. */
  readonly startNs: number
  readonly widthNs: number
}

/** Figures of buckets that each have the values of one series, a cell for each: added as the rows come, which is the order of time but for late ones. */
export class SeriesSums {
  readonly #counts: Float64Array
  readonly #sums: Float64Array
  readonly #lows: Float64Array
  readonly #highs: Float64Array

  /** Least and greatest values are made on request. */
  constructor(cells: number, hasExtremes: boolean) {
    this.#counts = new Float64Array(cells)
    this.#sums = new Float64Array(cells)
    this.#lows = new Float64Array(hasExtremes ? cells : 0).fill(Number.POSITIVE_INFINITY)
    this.#highs = new Float64Array(hasExtremes ? cells : 0).fill(Number.NEGATIVE_INFINITY)
  }

  get cells(): number {
    return this.#counts.length
  }

  /** All memory that the figures are in. */
  arrays(): readonly Float64Array[] {
    return [this.#counts, this.#sums, this.#lows, this.#highs]
  }

  /** Of so many cells from the first one on; undefined where none has a value. */
  sumsOf(first: number, cells: number): BucketSums | undefined {
    if (!this.#hasValues(first, cells)) return undefined
    const hasExtremes = this.#lows.length > 0
    return {
      counts: this.#counts.subarray(first, first + cells),
      sums: this.#sums.subarray(first, first + cells),
      lows: hasExtremes ? this.#lows.subarray(first, first + cells) : none,
      highs: hasExtremes ? this.#highs.subarray(first, first + cells) : none,
      medians: none,
    }
  }

  #hasValues(first: number, cells: number): boolean {
    for (let cell = first; cell < first + cells; cell++) if (this.#counts[cell] !== 0) return true
    return false
  }

  /** In the order of time, as the evaluator adds. */
  addAll(cells: Int32Array, values: Float64Array): void {
    const [counts, sums] = [this.#counts, this.#sums]
    for (let row = 0; row < cells.length; row++) {
      const cell = cells[row] ?? 0
      counts[cell] = (counts[cell] ?? 0) + 1
      sums[cell] = (sums[cell] ?? 0) + (values[row] ?? 0)
    }
    if (this.#lows.length > 0) this.#compareAll(cells, values)
  }

  #compareAll(cells: Int32Array, values: Float64Array): void {
    const [lows, highs] = [this.#lows, this.#highs]
    for (let row = 0; row < cells.length; row++) {
      const [cell, value] = [cells[row] ?? 0, values[row] ?? 0]
      if (value < (lows[cell] ?? 0)) lows[cell] = value
      if (value > (highs[cell] ?? 0)) highs[cell] = value
    }
  }

  /** As before its first value. */
  empty(cell: number): void {
    this.#counts[cell] = 0
    this.#sums[cell] = 0
    if (this.#lows.length === 0) return
    this.#lows[cell] = Number.POSITIVE_INFINITY
    this.#highs[cell] = Number.NEGATIVE_INFINITY
  }
}

const none = new Float64Array()

/** The rows of one day on their way into the sums. What a cell was before a row came late into it is made once more, of all its rows. */
export class DayCells {
  readonly #sums: SeriesSums
  readonly #places: CellPlaces
  readonly #blocks = new RowBlocks<Float64Array>(Float64Array)
  /** By cell. */
  readonly #newestNs: Float64Array
  /** By cell: 1 where a row came late. */
  readonly #isLate: Uint8Array
  #hasLate = false

  constructor(sums: SeriesSums, places: CellPlaces) {
    this.#sums = sums
    this.#places = places
    this.#newestNs = new Float64Array(sums.cells).fill(-1)
    this.#isLate = new Uint8Array(sums.cells)
  }

  add(piece: Piece<Float64Array>): void {
    const { columns: cells, offsetsNs, values } = this.#blocks.add(piece)
    const { slots, firstCells, startNs, widthNs } = this.#places
    slots.replaceIds(cells)
    const newestNs = this.#newestNs
    // Rows that follow each other mostly belong to the same bucket.
    let [bucket, fromNs, toNs] = [0, 0, 0]
    for (let row = 0; row < cells.length; row++) {
      const offsetNs = offsetsNs[row] ?? 0
      if (offsetNs < fromNs || offsetNs >= toNs) {
        bucket = Math.floor((offsetNs - startNs) / widthNs)
        fromNs = startNs + bucket * widthNs
        toNs = fromNs + widthNs
      }
      const cell = (firstCells[cells[row] ?? 0] ?? 0) + bucket
      cells[row] = cell
      if (offsetNs > (newestNs[cell] ?? 0)) newestNs[cell] = offsetNs
      else {
        this.#isLate[cell] = 1
        this.#hasLate = true
      }
    }
    this.#sums.addAll(cells, values)
  }

  /** Once all rows are there. */
  end(): void {
    if (this.#hasLate) this.#addAnew()
    this.#blocks.free()
    freeBytes(this.#newestNs)
    freeBytes(this.#isLate)
  }

  #addAnew(): void {
    for (let cell = 0; cell < this.#isLate.length; cell++)
      if (this.#isLate[cell] === 1) this.#sums.empty(cell)
    const { cells, values } = lateRows(this.#blocks.all(), this.#isLate)
    this.#sums.addAll(cells, values)
    freeBytes(cells)
    freeBytes(values)
  }
}
