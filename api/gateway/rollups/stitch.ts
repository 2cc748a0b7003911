import { bucketStarts } from '@warren/influxql/evaluate/buckets'
import { evaluateStatement } from '@warren/influxql/evaluate/evaluate'
import type { ResultSeries, StatementResult, Value } from '@warren/influxql/result'
import type { TimeRange } from '@warren/influxql/time-range'
import type { SelectStatement } from '@warren/influxql/tree'
import { withRange } from '../cache/time-bounds.ts'
import { hiddenTags, type ScopedQuery } from '../influxdb/answer-query.ts'
import type { Rollable } from './rollable.ts'
import { fieldOf, type WindowGroup, windowMeasurement, windowSource } from './window-source.ts'

/** What rollups and points answer of one statement, times in milliseconds, a row for each window that has anything. */
export interface Halves {
  readonly rollup: readonly ResultSeries[]
  readonly points: readonly ResultSeries[]
  /** The first window that is of points alone, nanoseconds. */
  readonly borderNs: bigint
}

interface Stitching {
  readonly rollable: Rollable
  /** With an end. */
  readonly range: TimeRange
  readonly query: Pick<ScopedQuery, 'epoch' | 'nowNs'>
  readonly signal: AbortSignal
}

interface Group extends WindowGroup {
  readonly columns: readonly Map<bigint, Value>[]
}

const msNs = 1_000_000n
const mostWindows = 100_000

const toNs = (ms: Value | undefined): bigint =>
  (typeof ms === 'bigint' ? ms : BigInt(Number(ms ?? 0))) * msNs

/** The first window may begin before the range does; its values stand in the range. */
const within = (ns: bigint, { minNs }: TimeRange): bigint => (ns < minNs ? minNs : ns)

/** Adds what a row has and the window lacks. */
function addRow(columns: Group['columns'], ns: bigint, row: readonly Value[]): void {
  for (const [at, column] of columns.entries()) {
    const value = row[at] ?? null
    if (value !== null && !column.has(ns)) column.set(ns, value)
  }
}

/** The windows of both: before the border those of the rollup, and of points where it has none. */
function gather({ rollup, points, borderNs }: Halves, { rollable, range }: Stitching): Group[] {
  const groups = new Map<string, Group>()
  const groupOf = (tags: Readonly<Record<string, string>>): Group => {
    const key = JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)))
    const group = groups.get(key) ?? { tags, columns: rollable.columns.map(() => new Map()) }
    groups.set(key, group)
    return group
  }
  // A window that counts nothing is empty, however the store shows it.
  const shown = (row: readonly Value[]): readonly Value[] =>
    row.map((value, at) => (value === 0 && rollable.columns[at]?.isCount === true ? null : value))
  const add = ({ tags = {}, values }: ResultSeries, isTaken: (ns: bigint) => boolean): void => {
    const { columns } = groupOf(tags)
    for (const [time, ...row] of values)
      if (isTaken(toNs(time))) addRow(columns, within(toNs(time), range), shown(row))
  }
  for (const series of rollup) add(series, (ns) => ns < borderNs)
  for (const series of points) add(series, () => true)
  return [...groups.values()].filter(({ columns }) => columns.some(({ size }) => size > 0))
}

/** InfluxDB counts 0 points in an empty window, unless the series never has the field. */
function addZeros(groups: readonly Group[], { rollable, range }: Stitching): void {
  if (rollable.select.fill.kind !== 'null') return
  const starts = bucketStarts(rollable.interval, range, mostWindows) ?? []
  const zeros = rollable.columns.map(({ isCount }) => (isCount ? 0 : null))
  for (const { columns } of groups) {
    const row = zeros.map((zero, at) => (columns[at]?.size === 0 ? null : zero))
    for (const start of starts) addRow(columns, within(start, range), row)
  }
}

/** What is left of a SELECT when its windows are known: grouping, filling, order and limits. */
function overWindows({ rollable, range }: Stitching): SelectStatement {
  const { condition: _, ...select } = rollable.select
  return withRange(
    {
      ...select,
      fields: rollable.columns.map(({ name }, at) => ({
        expr: { kind: 'call', name: 'last', args: [{ kind: 'reference', name: fieldOf(at) }] },
        alias: name,
      })),
      sources: [{ kind: 'measurement', name: windowMeasurement }],
    },
    range,
  )
}

/** The answer to the whole, in InfluxDB's words: as if one store had all of it. */
export async function stitch(
  halves: Halves,
  stitching: Stitching,
): Promise<Omit<StatementResult, 'statement_id'>> {
  const { rollable, query, signal } = stitching
  const groups = gather(halves, stitching)
  addZeros(groups, stitching)
  const { series, ...rest } = await evaluateStatement(overWindows(stitching), {
    source: windowSource(
      groups,
      rollable.columns.map(({ isCount }) => isCount),
    ),
    ...{ nowNs: query.nowNs, epoch: query.epoch, hiddenTags, signal },
  })
  const named = series?.map((one) => ({ ...one, name: rollable.measurement }))
  return named === undefined ? rest : { ...rest, series: named }
}
