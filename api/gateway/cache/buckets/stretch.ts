import type { ResultSeries, StatementResult, Value } from '@warren/influxql/answers/result'
import { valueAt as cellAt, columnsOf, rowCountOf } from '@warren/influxql/answers/result-columns'
import { type Column, joinColumns, nulls, sliceColumn, toColumn, valueAt } from './column.ts'
import { type Absence, hidesPoints } from './mergeable.ts'

export interface StretchSeries extends Pick<ResultSeries, 'name' | 'tags' | 'columns'> {
  /** What it is known by in a stretch: in the order of the answer's series, one character a byte. */
  readonly rank: string
  /** One a column, that of time not counted. */
  readonly data: readonly Column[]
}

/** Buckets one after the other, each series with a value in each. */
export interface Stretch {
  readonly startMs: number
  readonly stepMs: number
  readonly count: number
  /** By their ranks, in order. */
  readonly series: ReadonlyMap<string, StretchSeries>
}

export const endOf = ({ startMs, stepMs, count }: Stretch): number => startMs + count * stepMs

/** InfluxDB orders series by their tags' values, in the order of the tags' names: query/point.go, `Tags.ID`. */
function rankOf({ name = '', tags = {} }: ResultSeries): string {
  const keys = Object.keys(tags).sort()
  const text = [name, ...keys, ...keys.map((key) => tags[key])].join('\0')
  return Buffer.from(text).toString('latin1')
}

type Frame = Pick<Stretch, 'startMs' | 'stepMs' | 'count'>

/** Whether there is exactly one row for each bucket. */
function fits(one: ResultSeries, { startMs, stepMs, count }: Frame, width: number): boolean {
  const { columns } = one
  if (rowCountOf(one) !== count || columns.length !== width + 1 || columns[0] !== 'time')
    return false
  const time = cellsOf(one, 0)
  for (let at = 0; at < count; at++) if (time(at) !== startMs + at * stepMs) return false
  return true
}

/** One column of a series, by row. */
function cellsOf(one: ResultSeries, column: number): (row: number) => Value {
  const held = columnsOf(one)?.columns[column]
  if (held !== undefined) return (row) => cellAt(held, row)
  const { values } = one
  return (row) => values[row]?.[column] ?? null
}

/** A count of nothing is nothing here: whether it is shown as 0 depends on the whole answer. */
function dataOf(one: ResultSeries, column: number, absence: Absence): Column {
  const held = columnsOf(one)?.columns[column]
  const isAsHeld = held !== undefined && 'numbers' in held && held.empty === undefined
  if (isAsHeld && absence !== 'zero') return held.numbers
  const cell = cellsOf(one, column)
  const cells = Array.from({ length: rowCountOf(one) }, (_, row) => cell(row))
  return toColumn(absence === 'zero' ? cells.map((each) => (each === 0 ? null : each)) : cells)
}

function toSeries(one: ResultSeries, rank: string, absences: readonly Absence[]): StretchSeries {
  const { name, tags, columns } = one
  const data = absences.map((absence, column) => dataOf(one, column + 1, absence))
  return {
    ...(name === undefined ? {} : { name }),
    ...(tags === undefined ? {} : { tags }),
    ...{ columns, rank, data },
  }
}

/** An answer as a stretch; undefined when it is not laid out as expected: then nothing is put together of it. */
export function toStretch(
  result: StatementResult | undefined,
  frame: Frame,
  absences: readonly Absence[],
): Stretch | undefined {
  if (result === undefined || result.error !== undefined || result.messages !== undefined)
    return undefined
  const series = new Map<string, StretchSeries>()
  let last = ''
  for (const one of result.series ?? []) {
    const rank = rankOf(one)
    if ('partial' in one || !fits(one, frame, absences.length) || last >= rank) return undefined
    last = rank
    series.set(rank, toSeries(one, rank, absences))
  }
  const { startMs, stepMs, count } = frame
  return { startMs, stepMs, count, series }
}

/** A row for each bucket of each series, in order. */
export const toRows = ({ startMs, stepMs, count, series }: Stretch): readonly ResultSeries[] =>
  [...series.values()].map(({ rank: _, data, ...one }) => ({
    ...one,
    values: Array.from({ length: count }, (_, at) => [
      startMs + at * stepMs,
      ...data.map((column) => valueAt(column, at)),
    ]),
  }))

const hasPoints = ({ data }: StretchSeries, count: number): boolean =>
  data.some((column) => {
    for (let at = 0; at < count; at += 1) if (valueAt(column, at) !== null) return true
    return false
  })

/** Buckets `[fromMs, toMs)` of a stretch that has them, with all its series: also those that have no point there. */
export function cut(stretch: Stretch, fromMs: number, toMs: number): Stretch {
  const { startMs, stepMs, series } = stretch
  const from = (fromMs - startMs) / stepMs
  const to = (toMs - startMs) / stepMs
  const cutSeries = [...series].map(
    ([key, one]) =>
      [key, { ...one, data: one.data.map((column) => sliceColumn(column, from, to)) }] as const,
  )
  return { startMs: fromMs, stepMs, count: to - from, series: new Map(cutSeries) }
}

/** The stretch with those series that have a point in it; undefined when only the store knows which these are. */
export function withPoints(stretch: Stretch, absences: readonly Absence[]): Stretch | undefined {
  const present = [...stretch.series].filter(([, one]) => hasPoints(one, stretch.count))
  if (present.length < stretch.series.size && hidesPoints(absences)) return undefined
  return { ...stretch, series: new Map(present) }
}

const isSameShape = (a: StretchSeries, b: StretchSeries): boolean =>
  a.columns.length === b.columns.length && a.columns.every((name, at) => name === b.columns[at])

/** Stretches that follow each other as one: every series has buckets of all, empty where it was absent. Undefined when they do not fit together. */
export function join(
  stretches: readonly Stretch[],
  absences: readonly Absence[],
): Stretch | undefined {
  const [first] = stretches
  if (first === undefined || stretches.length === 1) return first
  const shapes = new Map<string, StretchSeries>()
  for (const { series } of stretches)
    for (const [key, one] of series) {
      const known = shapes.get(key)
      if (known !== undefined && !isSameShape(known, one)) return undefined
      shapes.set(key, known ?? one)
    }
  const isComplete = stretches.every(({ series }) => series.size === shapes.size)
  // Where a count stands in a product nobody knows what an empty bucket gives.
  if (!isComplete && absences.includes('unknown')) return undefined
  const ordered = [...shapes].sort(([a], [b]) => (a < b ? -1 : 1))
  const joined = ordered.map(([key, shape]) => {
    const data = absences.map((_, index) =>
      joinColumns(
        stretches.map(({ series, count }) => series.get(key)?.data[index] ?? nulls(count)),
      ),
    )
    return [key, { ...shape, data }] as const
  })
  const count = stretches.reduce((sum, stretch) => sum + stretch.count, 0)
  return { ...first, count, series: new Map(joined) }
}

/** What a row takes as text and packed, its time and its end, and a number in it, about (`encode-stretch.ts`). */
const rowBytes = 26
const numberBytes = 8 + 10

/** The memory it takes, bytes, about: its numbers and their text. */
export function bytesOf({ series, count }: Stretch): number {
  let bytes = 512
  for (const { rank, data } of series.values()) {
    bytes += 768 + 4 * rank.length + rowBytes * count
    for (const column of data)
      bytes += (column instanceof Float64Array ? numberBytes : 64 + 10) * count
  }
  return bytes
}
