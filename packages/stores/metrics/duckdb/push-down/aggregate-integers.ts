import type { IntegerSums } from '@warren/influxql/evaluate/stream/bucket-sums'
import { streamChunks } from '../../../duckdb/read-chunks.ts'
import type { DaySource } from '../day-reader.ts'
import { bucketsSql, type DayAggregate, indexOf, type NamedSql } from './day-query.ts'

/** Puts the figures of one day's buckets of integers where they belong. They have no error in any order: halves of 32 bits are summed, and put together as 64 bits hold them. */
export async function aggregateIntegers(
  day: DaySource,
  aggregate: DayAggregate<IntegerSums>,
): Promise<void> {
  const figures = figuresOf(aggregate)
  const sql = bucketsSql(day, aggregate, { figures, cuts: [] })
  for await (const chunk of streamChunks(day.connection, sql)) {
    const [groups, indices] = [chunk.int32(0), chunk.int32(1)]
    const columns = new Map(figures.map(({ name }, at) => [name, chunk.int64(at + 2)]))
    for (let row = 0; row < chunk.rowCount; row++) {
      const figure = (name: string) => columns.get(name)?.[row] ?? 0n
      const into = aggregate.into(groups[row] ?? 0)
      const index = indexOf(aggregate, indices[row] ?? 0)
      into.counts[index] = Number(figure('count'))
      into.sums[index] = BigInt.asIntN(64, (figure('upper') << 32n) + figure('lower'))
      into.lows[index] = figure('low')
      into.highs[index] = figure('high')
    }
  }
}

function figuresOf({ needs }: DayAggregate<IntegerSums>): NamedSql[] {
  const figures = [{ name: 'count', sql: 'count(*)' }]
  if (needs.sums)
    figures.push(
      { name: 'upper', sql: 'sum(v >> 32)::BIGINT' },
      { name: 'lower', sql: 'sum(v & 4294967295)::BIGINT' },
    )
  if (needs.extremes) figures.push({ name: 'low', sql: 'min(v)' }, { name: 'high', sql: 'max(v)' })
  return figures
}
