import type { Needs } from '@warren/influxql/evaluate/source'
import type { BucketSums } from '@warren/influxql/evaluate/stream/bucket-sums'
import { streamChunks } from '../../../duckdb/read-chunks.ts'
import type { DaySource, TimeRange } from '../day-reader.ts'
import { columnFilter } from './column-filter.ts'
import { type Split, splitColumns } from './split-sum.ts'

/** The columns of one field in one day file. */
export interface DayColumns {
  readonly ids: readonly number[]
  readonly values: 'floats' | 'integers' | 'integers read as floats'
  /** Of each column; all of one group when absent. */
  readonly groups?: readonly number[] | undefined
}

/** Buckets within the day. */
export interface DayBuckets {
  readonly range: TimeRange
  /** Nanoseconds from midnight; of the first bucket, and so many times the width. */
  readonly startNs: number
  readonly widthNs: number
  /** Of the first bucket among those of the whole answer. */
  readonly firstIndex: number
}

export interface DayAggregate<Sums = BucketSums> {
  readonly columns: DayColumns
  readonly buckets: DayBuckets
  readonly needs: Needs
  /** Takes the figures, by group. */
  readonly into: (group: number) => Sums
}

/** Buckets beside each other, by their places among those of the whole answer. */
export interface BucketRun {
  readonly first: number
  readonly last: number
}

export const lastIndexOf = ({ range, startNs, widthNs, firstIndex }: DayBuckets): number =>
  firstIndex + Math.floor((range.toNs - startNs) / widthNs)

/** The aggregate of these buckets alone. */
export function within(aggregate: DayAggregate, { first, last }: BucketRun): DayAggregate {
  const { range, startNs, widthNs, firstIndex } = aggregate.buckets
  const fromNs = startNs + (first - firstIndex) * widthNs
  const toNs = startNs + (last + 1 - firstIndex) * widthNs - 1
  const isWhole = range.isWhole && fromNs <= range.fromNs && toNs >= range.toNs
  const narrowed = { fromNs: Math.max(fromNs, range.fromNs), toNs: Math.min(toNs, range.toNs) }
  return { ...aggregate, buckets: { ...aggregate.buckets, range: { ...narrowed, isWhole } } }
}

export const whereOf = ({ columns, buckets: { range } }: Omit<DayAggregate, 'into'>): string =>
  `${columnFilter(columns.ids)}${range.isWhole ? '' : ` AND t BETWEEN ${range.fromNs} AND ${range.toNs}`}`

/** A figure of one bucket, by name; 0 when it was not asked for. */
export type Figure = (name: string) => number

export interface FoundBucket {
  readonly group: number
  /** Among the buckets of the whole answer. */
  readonly index: number
  readonly figure: Figure
}

/** The buckets that have points, each with its `count`, and as needed `low` and `high`, or the parts of a sum (split-sum.ts) and which columns it is of. */
export function readBuckets(
  day: DaySource,
  aggregate: DayAggregate,
  split: Split | undefined,
): AsyncGenerator<FoundBucket> {
  const cuts = split === undefined ? [] : splitColumns(split)
  return readFigures(day, aggregate, { figures: figuresOf(aggregate, split), cuts })
}

/** The same with other figures, each a DOUBLE. */
export async function* readFigures(
  day: DaySource,
  aggregate: DayAggregate,
  wanted: Wanted,
): AsyncGenerator<FoundBucket> {
  for await (const chunk of streamChunks(day.connection, bucketsSql(day, aggregate, wanted))) {
    const [groups, indices] = [chunk.int32(0), chunk.int32(1)]
    const columns = new Map(wanted.figures.map(({ name }, at) => [name, chunk.float64(at + 2)]))
    for (let row = 0; row < chunk.rowCount; row++)
      yield {
        group: groups[row] ?? 0,
        index: indexOf(aggregate, indices[row] ?? 0),
        figure: (name) => columns.get(name)?.[row] ?? 0,
      }
  }
}

/** SQL counts buckets from midnight, so that it need not subtract a start from each time. */
export const indexOf = (
  { buckets: { startNs, widthNs, firstIndex } }: Pick<DayAggregate, 'buckets'>,
  bucket: number,
): number => firstIndex + bucket - startNs / widthNs

export function valuesOf({ name }: DaySource, { values }: DayColumns): string {
  if (values === 'floats') return `${name}.numbers`
  if (values === 'integers') return `${name}.integers`
  return `(SELECT col, t, v::DOUBLE AS v FROM ${name}.integers)`
}

export interface NamedSql {
  readonly name: string
  readonly sql: string
}

function figuresOf({ needs }: DayAggregate, split: Split | undefined): NamedSql[] {
  const figures = [{ name: 'count', sql: 'count(*)::DOUBLE' }]
  if (needs.extremes) figures.push({ name: 'low', sql: 'min(v)' }, { name: 'high', sql: 'max(v)' })
  if (split === undefined) return figures
  for (const { name } of splitColumns(split)) figures.push({ name, sql: `sum(${name})` })
  figures.push({ name: 'greatest', sql: split.greatest ?? 'max(abs(v))' })
  if (split.parts === 2) figures.push({ name: 'greatestRest', sql: 'max(abs(rest))' })
  figures.push({ name: 'firstColumn', sql: 'min(col)::DOUBLE' })
  figures.push({ name: 'lastColumn', sql: 'max(col)::DOUBLE' })
  return figures
}

interface Wanted {
  readonly figures: readonly NamedSql[]
  /** What figures are made of beside `col` and `v`. */
  readonly cuts: readonly NamedSql[]
  /** What has `col`, `t` and `v`, and which rows of it: the values of the columns in range unless said otherwise. */
  readonly from?: { readonly table: string; readonly where: string }
}

/** Rows of group, bucket and figures. */
export function bucketsSql(
  day: DaySource,
  aggregate: Omit<DayAggregate, 'into'>,
  {
    figures,
    cuts,
    from: { table, where } = { table: valuesOf(day, aggregate.columns), where: whereOf(aggregate) },
  }: Wanted,
): string {
  const { widthNs } = aggregate.buckets
  const { ids, groups } = aggregate.columns
  const groupOf = `(SELECT unnest([${ids.join(', ')}]) AS id, unnest([${groups?.join(', ') ?? ''}]) AS grp)`
  // A group of its own in each row would be hashed with the bucket.
  const [inside, outside, by, join] =
    groups === undefined
      ? [[], '0::INTEGER AS grp', 'bucket', '']
      : [['grp'], 'grp', 'grp, bucket', `JOIN ${groupOf} ON id = col`]
  const inner = [
    ...[...inside, `(t // ${widthNs})::INTEGER AS bucket`, 'col', 'v'],
    ...cuts.map((cut) => `${cut.sql} AS ${cut.name}`),
  ]
  return `SELECT ${outside}, bucket, ${figures.map(({ sql }) => sql).join(', ')}
    FROM (SELECT ${inner.join(', ')} FROM ${table} ${join} WHERE ${where})
    GROUP BY ${by}`
}
