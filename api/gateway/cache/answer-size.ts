import type { StatementResult } from '@warren/influxql/result'

/** What a row and a number of it take as text, and packed beside it, about. */
const rowBytes = 4
const valueBytes = 18
const textOf = (value: unknown): number => (typeof value === 'string' ? 2 * value.length : 0)

/** The memory that results take as bytes, plain and packed, about. */
export function sizeOf(results: readonly StatementResult[]): number {
  let bytes = 512
  for (const { series = [] } of results)
    for (const { columns, values } of series) {
      bytes += 256 + values.length * (rowBytes + valueBytes * columns.length)
      // One row stands for all: what is long in one is long in most.
      const [row = []] = values
      bytes += values.length * row.reduce<number>((sum, value) => sum + textOf(value), 0)
    }
  return bytes
}
