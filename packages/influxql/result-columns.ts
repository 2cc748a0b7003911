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

const held = new WeakMap<ResultSeries, ResultColumns>()

/** A series of columns, whose rows are made when they are first asked for. */
export function seriesOfColumns(
  names: Omit<ResultSeries, 'values'>,
  columns: ResultColumns,
): ResultSeries {
  let rows: readonly (readonly Value[])[] | undefined
  const series = {
    ...names,
    get values() {
      rows ??= Array.from({ length: columns.rowCount }, (_, at) => rowAt(columns, at))
      return rows
    },
  }
  held.set(series, columns)
  return series
}

/** What a series was made of; undefined when it was made of rows. */
export const columnsOf = (series: ResultSeries): ResultColumns | undefined => held.get(series)

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
export function toResultColumn({ length, at }: Cells, blocks = new NumberBlocks(0)): ResultColumn {
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

/** Memory for the numbers of many columns: one of its own for each would take longer to make, to pass on and to free than to fill. */
export class NumberBlocks {
  readonly #length: number
  #left: Float64Array = new Float64Array()

  /** Numbers of a block, but for a column that needs more. */
  constructor(length: number) {
    this.#length = length
  }

  take(length: number): Float64Array {
    if (length > this.#left.length) this.#left = new Float64Array(Math.max(length, this.#length))
    const taken = this.#left.subarray(0, length)
    this.#left = this.#left.subarray(length)
    return taken
  }
}
