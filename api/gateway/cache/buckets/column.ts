import type { Value } from '@warren/influxql/answers/result'

/** The values of one column, one a bucket. Numbers are kept as 8 bytes each, null as NaN, which no answer holds. */
export type Column = Float64Array | readonly Value[]

export const nulls = (length: number): Column => new Float64Array(length).fill(Number.NaN)

export function toColumn(values: readonly Value[]): Column {
  const numbers = new Float64Array(values.length)
  for (const [index, value] of values.entries()) {
    if (typeof value !== 'number' && value !== null) return values
    numbers[index] = value ?? Number.NaN
  }
  return numbers
}

export function valueAt(column: Column, at: number): Value {
  const value = column[at]
  return value === undefined || (typeof value === 'number' && Number.isNaN(value)) ? null : value
}

const valuesOf = (column: Column): Value[] =>
  Array.from(column as ArrayLike<Value>, (_, at) => valueAt(column, at))

export function joinColumns(columns: readonly Column[]): Column {
  const numbers = columns.filter((column) => column instanceof Float64Array)
  if (numbers.length < columns.length) return columns.flatMap(valuesOf)
  const joined = new Float64Array(numbers.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const column of numbers) {
    joined.set(column, at)
    at += column.length
  }
  return joined
}

/** A copy, so that the rest can be freed. */
export const sliceColumn = (column: Column, from: number, to: number): Column =>
  column.slice(from, to)
