import type { ResultSeries, StatementResult, Value } from '@warren/influxql/answers/result'
import { columnsOf, rowAt, rowCountOf } from '@warren/influxql/answers/result-columns'

/** What a row and a number of it take as text, and packed beside it, about. */
const rowBytes = 4
const valueBytes = 18
const seriesBytes = 256
const answerBytes = 512
const textOf = (value: unknown): number => (typeof value === 'string' ? 2 * value.length : 0)

/** The memory that rows of numbers take as bytes, plain and packed, about. */
export const sizeOfNumbers = (series: number, rows: number, columns: number): number =>
  answerBytes + series * (seriesBytes + rows * (rowBytes + valueBytes * columns))

/** The same of bytes. */
export const sizeOfText = (bytes: number): number => answerBytes + (4 / 3) * bytes

function firstRowOf(series: ResultSeries): readonly Value[] {
  const columns = columnsOf(series)
  return columns === undefined ? (series.values[0] ?? []) : rowAt(columns, 0)
}

/** The same of results. */
export function sizeOf(results: readonly StatementResult[]): number {
  let bytes = answerBytes
  for (const { series = [] } of results)
    for (const one of series) {
      const rows = rowCountOf(one)
      bytes += seriesBytes + rows * (rowBytes + valueBytes * one.columns.length)
      // One row stands for all: what is long in one is long in most.
      bytes += rows * firstRowOf(one).reduce<number>((sum, value) => sum + textOf(value), 0)
    }
  return bytes
}
