import type { ResultSeries, Value } from './result.ts'

/** One column of all rows of a series: one block of memory where rows would be as many objects. */
export type ResultColumn =
  | {
      readonly numbers: Float64Array
      /** Rows that have no value; absent when all have one. */
      readonly empty?: Uint8Array
    }
  | { readonly values: readonly Value[] }

export interface ResultColumns {
  readonly rowCount: number
  /** One for each of the series' names, as long as there are rows. */
  readonly columns: readonly ResultColumn[]
}

/** What a series was made of, hidden within it: no copy of the series has it. */
const heldAs = Symbol('columns')

interface Held {
  readonly columns: ResultColumns
  /** Made when they are first asked for. */
  rows?: readonly (readonly Value[])[]
}

interface ColumnSeries extends ResultSeries {
  readonly [heldAs]?: Held
}

function rowsOfHeld(this: ColumnSeries): ResultSeries['values'] {
  const held = this[heldAs]
  if (held === undefined) throw new Error('BUG: a series of columns without columns')
  held.rows ??= Array.from({ length: held.columns.rowCount }, (_, at) => rowAt(held.columns, at))
  return held.rows
}

/** One function for all series: with one of its own each would be a dictionary to V8, and an answer has thousands. */
const lazyRows = { enumerable: true, get: rowsOfHeld }

/** A series of columns, whose rows are made when they are first asked for. */
export function seriesOfColumns(
  names: Omit<ResultSeries, 'values'>,
  columns: ResultColumns,
): ResultSeries {
  const held: Held = { columns }
  const series = Object.defineProperty({ ...names }, heldAs, { value: held })
  return Object.defineProperty(series, 'values', lazyRows) as ColumnSeries
}

/** What a series was made of; undefined when it was made of rows. */
export const columnsOf = (series: ColumnSeries): ResultColumns | undefined =>
  series[heldAs]?.columns

/** How many rows it has, without making them. */
export const rowCountOf = (series: ResultSeries): number =>
  columnsOf(series)?.rowCount ?? series.values.length

export const rowAt = ({ columns }: ResultColumns, at: number): Value[] => {
  const row: Value[] = []
  for (const column of columns) row.push(valueAt(column, at))
  return row
}

export function valueAt(column: ResultColumn, at: number): Value {
  if ('values' in column) return column.values[at] ?? null
  return column.empty?.[at] === 1 ? null : (column.numbers[at] ?? null)
}

/** Rows of a column as they are to be kept. */
export interface Cells {
  readonly length: number
  readonly at: (row: number) => Value
}

/** Numbers, where all that is there are numbers. `blocks` gives their memory. */
export function toResultColumn({ length, at }: Cells, blocks = new NumberBlocks()): ResultColumn {
  const numbers = blocks.take(length)
  let empty: Uint8Array | undefined
  for (let row = 0; row < length; row++) {
    const value = at(row)
    if (typeof value === 'number') numbers[row] = value
    else if (value === null) {
      empty ??= new Uint8Array(length)
      empty[row] = 1
    } else return { values: Array.from({ length }, (_, each) => at(each)) }
  }
  return empty === undefined ? { numbers } : { numbers, empty }
}

/** Numbers of a block, but for a column that needs more. */
const mostInBlock = 16_384

/** Memory for the numbers of many columns: one of its own for each would take longer to make, to pass on and to free than to fill. A block is larger than the one before, so that few columns leave little of it. */
export class NumberBlocks {
  #length = 0
  #left: Float64Array = new Float64Array()

  take(length: number): Float64Array {
    if (length > this.#left.length) {
      this.#left = new Float64Array(Math.max(length, this.#length))
      this.#length = Math.min(2 * this.#left.length, mostInBlock)
    }
    const taken = this.#left.subarray(0, length)
    this.#left = this.#left.subarray(length)
    return taken
  }
}
