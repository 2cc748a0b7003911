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

/** Numbers, where all that is there are numbers. */
export function toResultColumn(values: readonly Value[]): ResultColumn {
  const numbers = new Float64Array(values.length)
  let empty: Uint8Array | undefined
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? null
    if (typeof value === 'number') numbers[at] = value
    else if (value === null) {
      empty ??= new Uint8Array(values.length)
      empty[at] = 1
    } else return { values }
  }
  return empty === undefined ? { numbers } : { numbers, empty }
}
