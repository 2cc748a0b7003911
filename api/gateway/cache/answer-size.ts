import type { StatementResult } from '@warren/influxql/result'

/** What an array and a number of it take in memory, about. */
const rowBytes = 48
const valueBytes = 24
const textOf = (value: unknown): number => (typeof value === 'string' ? 2 * value.length : 0)

/** The memory that results and their bytes take, about. */
export function sizeOf(results: readonly StatementResult[]): number {
  let bytes = 512
  for (const { series = [] } of results)
    for (const { columns, values } of series) {
      bytes += 256 + values.length * (rowBytes + 2 * valueBytes * columns.length)
      // One row stands for all: what is long in one is long in most.
      const [row = []] = values
      bytes += values.length * row.reduce<number>((sum, value) => sum + textOf(value), 0)
    }
  return bytes
}
