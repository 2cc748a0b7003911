import type { ResultSeries, StatementResult, Value } from '@warren/influxql/answers/result'
import { evaluateStatement } from '@warren/influxql/evaluate/evaluate'
import { bucketStarts } from '@warren/influxql/evaluate/windows/buckets'
import { withRange } from '@warren/influxql/time/time-bounds'
import type { TimeRange } from '@warren/influxql/time-range'
import type { SelectStatement } from '@warren/influxql/tree'
import type { ScopedQuery } from '../influxdb/answer-query.ts'
import { hiddenTags } from '../influxdb/from-store.ts'
import { createGiveWay } from './give-way.ts'
import type { Rollable } from './rollable.ts'
import { fieldOf, type WindowGroup, windowMeasurement, windowSource } from './window-source.ts'

/** What rollups and points answer of one statement, times in milliseconds, a row for each window that has anything. */
export interface Halves {
  readonly rollup: readonly ResultSeries[]
  readonly points: readonly ResultSeries[]
  /** The first window that is of points alone, nanoseconds. */
  readonly borderNs: bigint
}

const msNs = 1_000_000n
interface Stitching {
  readonly rollable: Rollable
  /** With an end. */
  readonly range: TimeRange
  readonly query: Pick<ScopedQuery, 'epoch' | 'nowNs'>
  readonly signal: AbortSignal
}

interface Group extends WindowGroup {
  readonly columns: readonly Map<number, Value>[]
}

const mostWindows = 100_000

/** Adds what a row has and the window lacks. The first of the row is its time. */
function addRow(
  columns: Group['columns'],
  row: readonly Value[],
  isShown: (value: Value, column: number) => boolean,
): void {
  const ms = Number(row[0])
  for (let at = 0; at < columns.length; at += 1) {
    const value = row[at + 1] ?? null
    const column = columns[at]
    if (column !== undefined && isShown(value, at) && !column.has(ms)) column.set(ms, value)
  }
}

/** The windows of both: before the border those of the rollup, and of points where it has none. */
async function gather({ rollup, points, borderNs }: Halves, { rollable }: Stitching) {
  const groups = new Map<string, Group>()
  const groupOf = (tags: Readonly<Record<string, string>>): Group => {
    const key = JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)))
    const group = groups.get(key) ?? { tags, columns: rollable.columns.map(() => new Map()) }
    groups.set(key, group)
    return group
  }
  const giveWay = createGiveWay()
  // A window that counts nothing is empty, however the store shows it.
  const isShown = (value: Value, at: number): boolean =>
    value !== null && !(value === 0 && rollable.columns[at]?.isCount === true)
  const borderMs = Number(borderNs / msNs)
  for (const [series, beforeMs] of [
    ...rollup.map((one) => [one, borderMs] as const),
    ...points.map((one) => [one, Number.POSITIVE_INFINITY] as const),
  ]) {
    const { columns } = groupOf(series.tags ?? {})
    for (const row of series.values) if (Number(row[0]) < beforeMs) addRow(columns, row, isShown)
    await giveWay(series.values.length)
  }
  return [...groups.values()].filter(({ columns }) => columns.some(({ size }) => size > 0))
}

/** InfluxDB counts 0 points in an empty window, unless the series never has the field. */
function addZeros(groups: readonly Group[], { rollable, range }: Stitching): void {
  const hasCounts = rollable.columns.some(({ isCount }) => isCount)
  if (rollable.select.fill.kind !== 'null' || !hasCounts) return
  const starts = bucketStarts(rollable.interval, range, mostWindows) ?? []
  const rows = starts.map((ns) => [Number(ns / msNs), ...rollable.columns.map(() => 0)])
  for (const { columns } of groups) {
    const isZero = (_: Value, at: number): boolean =>
      rollable.columns[at]?.isCount === true && (columns[at]?.size ?? 0) > 0
    for (const row of rows) addRow(columns, row, isZero)
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
  const groups = await gather(halves, stitching)
  addZeros(groups, stitching)
  const { series, ...rest } = await evaluateStatement(overWindows(stitching), {
    source: await windowSource(
      groups,
      rollable.columns.map(({ isCount }) => isCount),
      stitching.range.minNs,
    ),
    ...{ nowNs: query.nowNs, epoch: query.epoch, hiddenTags, signal },
  })
  const named = series?.map((one) => ({ ...one, name: rollable.measurement }))
  return named === undefined ? rest : { ...rest, series: named }
}
