import type { BucketSums } from '@warren/influxql/evaluate/bucket-sums'
import { freeBytes } from '@warren/platform/free-bytes'
import type { ColumnSlots } from '../column-rows.ts'
import { type Piece, RowBlocks } from '../row-blocks.ts'

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
    const counts = this.#counts.subarray(first, first + cells)
    if (counts.every((count) => count === 0)) return undefined
    return {
      counts,
      sums: this.#sums.subarray(first, first + cells),
      lows: this.#lows.subarray(first, first + cells),
      highs: this.#highs.subarray(first, first + cells),
      medians: noMedians,
    }
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

const noMedians = new Float64Array()

interface TimedValue {
  readonly offsetNs: number
  readonly value: number
}

/** Stands for the newest time of a cell into which a row came late. */
const isLate = Number.POSITIVE_INFINITY

/** The rows of one day on their way into the sums. What a cell was before a row came late into it is made once more, of all its rows. */
export class DayCells {
  readonly #sums: SeriesSums
  readonly #places: CellPlaces
  readonly #blocks = new RowBlocks<Float64Array>(Float64Array)
  /** By cell. */
  readonly #newestNs: Float64Array
  #hasLate = false

  constructor(sums: SeriesSums, places: CellPlaces) {
    this.#sums = sums
    this.#places = places
    this.#newestNs = new Float64Array(sums.cells).fill(-1)
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
        newestNs[cell] = isLate
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
  }

  #addAnew(): void {
    const cells: number[] = []
    const values: number[] = []
    for (const [cell, rows] of this.#lateCells()) {
      this.#sums.empty(cell)
      rows.sort((a, b) => a.offsetNs - b.offsetNs)
      for (const { value } of rows) {
        cells.push(cell)
        values.push(value)
      }
    }
    this.#sums.addAll(Int32Array.from(cells), Float64Array.from(values))
  }

  /** All rows of each, as they came. */
  #lateCells(): ReadonlyMap<number, TimedValue[]> {
    const found = new Map<number, TimedValue[]>()
    for (const { columns: cells, offsetsNs, values, count } of this.#blocks.all())
      for (let row = 0; row < count; row++) {
        const cell = cells[row] ?? 0
        if (this.#newestNs[cell] !== isLate) continue
        const timed = { offsetNs: offsetsNs[row] ?? 0, value: values[row] ?? 0 }
        rowsOf(found, cell).push(timed)
      }
    return found
  }
}

function rowsOf(found: Map<number, TimedValue[]>, cell: number): TimedValue[] {
  const known = found.get(cell)
  if (known !== undefined) return known
  const rows: TimedValue[] = []
  found.set(cell, rows)
  return rows
}
