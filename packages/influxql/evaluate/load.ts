import type { Value } from '../answers/result.ts'
import type { TimeRange } from '../time-range.ts'
import { type EvaluationContext, spend } from './context.ts'
import type { Condition } from './expressions/condition.ts'
import type { Frame, Table } from './frame.ts'
import type { FieldColumn, SeriesColumns } from './source.ts'

/** The series of a measurement that can match, with the fields asked for. */
export async function scanTable(
  context: EvaluationContext,
  table: Table,
  {
    fields,
    range,
    condition,
  }: { fields: readonly string[]; range: TimeRange; condition: Condition },
): Promise<readonly SeriesColumns[]> {
  if (fields.length === 0 || range.minNs > range.maxNs) return []
  context.signal?.throwIfAborted()
  const series = await context.source.scan({
    measurement: table.name,
    fields,
    types: table.fields,
    ...range,
    matches: condition.mayMatch,
    equals: condition.equals,
  })
  spend(
    context,
    'points',
    series.reduce((sum, one) => sum + countPoints(one), 0),
  )
  return series
}

function countPoints({ columns }: SeriesColumns): number {
  let count = 0
  for (const { chunks } of columns) for (const { offsetsNs } of chunks) count += offsetsNs.length
  return count
}

/** The columns of a series side by side: one row for each time that any of them has. */
export function toFrame({ tags, columns }: SeriesColumns): Frame {
  const [only, ...others] = columns
  if (only !== undefined && others.length === 0)
    return { tags, times: timesOf(only), columns: new Map([[only.field, valuesOf(only)]]) }
  const times = unionOf(columns.map(timesOf))
  const placed = columns.map((column) => [column.field, aligned(column, times)] as const)
  return { tags, times, columns: new Map(placed) }
}

function timesOf({ chunks }: FieldColumn): bigint[] {
  const times: bigint[] = []
  for (const { baseNs, offsetsNs } of chunks)
    for (const offset of offsetsNs) times.push(baseNs + BigInt(offset))
  return times
}

function valuesOf({ type, chunks }: FieldColumn): Value[] {
  const values: Value[] = []
  for (const { values: chunk } of chunks)
    for (const value of chunk) values.push(type === 'boolean' ? Number(value) === 1 : value)
  return values
}

function unionOf(lists: readonly bigint[][]): bigint[] {
  const all = [...new Set(lists.flat())]
  const isSorted = all.every((time, at) => at === 0 || (all[at - 1] ?? time) < time)
  return isSorted ? all : all.sort((a, b) => (a < b ? -1 : 1))
}

function aligned(column: FieldColumn, times: readonly bigint[]): Value[] {
  const own = timesOf(column)
  const values = valuesOf(column)
  if (own.length === times.length) return values
  const placed: Value[] = new Array(times.length).fill(null)
  let next = 0
  for (let at = 0; at < times.length && next < own.length; at++)
    if (times[at] === own[next]) placed[at] = values[next++] ?? null
  return placed
}
