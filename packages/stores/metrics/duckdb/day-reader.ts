import type { DuckDBConnection } from '@duckdb/node-api'
import { heldChunks, type RowChunk, streamChunks, toInteger } from '../../duckdb/read-chunks.ts'
import { NumberCollector, type SortedRows, TextCollector } from './column-rows.ts'
import { columnFilter } from './push-down/column-filter.ts'
import type { Piece } from './row-blocks.ts'
import { type FieldKind, tableOf, type ValueTable, valueTables } from './schema.ts'

/** One attached day file as a query sees it. */
export interface DaySource {
  readonly connection: DuckDBConnection
  /** Quoted name of the attached file. */
  readonly name: string
}

/** Nanoseconds from the file's midnight, both inclusive. */
export interface TimeRange {
  readonly fromNs: number
  readonly toNs: number
  /** Everything in the file is within. */
  readonly isWhole: boolean
}

export interface StoredColumn {
  readonly id: number
  readonly seriesKey: string
  readonly field: string
  readonly kind: FieldKind
}

const within = ({ fromNs, toNs }: TimeRange): string => `t BETWEEN ${fromNs} AND ${toNs}`

export async function readMeasurements({ connection, name }: DaySource): Promise<string[]> {
  const rows = await connection.runAndReadAll(`SELECT name FROM ${name}.measurements`)
  return rows.getRows().map(([text]) => String(text))
}

export async function readFields(
  { connection, name }: DaySource,
  measurement: string,
): Promise<[string, FieldKind][]> {
  const rows = await connection.runAndReadAll(
    `SELECT f.name, f.kind FROM ${name}.fields f JOIN ${name}.measurements m ON m.id = f.measurement WHERE m.name = $measurement`,
    { measurement },
  )
  return rows.getRows().map(([text, kind]) => [String(text), Number(kind) as FieldKind])
}

/** Keys of the series of a measurement that have a point in range. */
export async function readSeriesKeys(
  { connection, name }: DaySource,
  measurement: string,
  range: TimeRange,
): Promise<string[]> {
  const active = `s.id IN (SELECT c.series FROM ${name}.columns c WHERE c.id IN (
    ${valueTables.map((table) => `SELECT col FROM ${name}.${table} WHERE ${within(range)}`).join(' UNION ')}))`
  const rows = await connection.runAndReadAll(
    `SELECT s.key FROM ${name}.series s JOIN ${name}.measurements m ON m.id = s.measurement
     WHERE m.name = $measurement ${range.isWhole ? '' : `AND ${active}`}`,
    { measurement },
  )
  return rows.getRows().map(([key]) => String(key))
}

/** The columns of some fields of a measurement, whether or not they have a point in range. */
export async function readColumns(
  { connection, name }: DaySource,
  measurement: string,
  fields: readonly string[],
): Promise<StoredColumn[]> {
  const columns: StoredColumn[] = []
  const wanted = Object.fromEntries(fields.map((field, index) => [`f${index}`, field]))
  const sql = `SELECT c.id, s.key, f.name, f.kind::INTEGER FROM ${name}.measurements m
    JOIN ${name}.fields f ON f.measurement = m.id
    JOIN ${name}.columns c ON c.field = f.id
    JOIN ${name}.series s ON s.id = c.series
    WHERE m.name = $measurement AND f.name IN (${fields.map((_, index) => `$f${index}`).join(', ')})`
  for await (const chunk of streamChunks(connection, sql, { measurement, ...wanted })) {
    const ids = chunk.int32(0)
    const kinds = chunk.int32(3)
    for (let row = 0; row < chunk.rowCount; row++)
      columns.push({
        id: ids[row] ?? 0,
        seriesKey: chunk.text(1, row),
        field: chunk.text(2, row),
        kind: (kinds[row] ?? 0) as FieldKind,
      })
  }
  return columns
}

export type StoredValues = Float64Array | BigInt64Array | string[]

interface ValueRequest {
  readonly columns: readonly StoredColumn[]
  readonly range: TimeRange
  /** Told how many values arrived, a long text as several; throws to stop. */
  readonly onValues: (count: number) => void
}

/** Values in range by column id; columns without any are absent. */
export async function readValues(
  source: DaySource,
  { columns, range, onValues }: ValueRequest,
): Promise<ReadonlyMap<number, SortedRows<StoredValues>>> {
  const idsIn = (table: ValueTable) =>
    columns
      .filter(({ kind }) => tableOf(kind) === table)
      .map(({ id }) => id)
      .sort((a, b) => a - b)
  const numberIds = idsIn('numbers')
  const numbers = new NumberCollector<Float64Array>(Float64Array, numberIds)
  for await (const piece of readNumbers(source, { ids: numberIds, range })) {
    onValues(piece.columns.length)
    numbers.add(piece)
  }
  const offsets = new Float64Array(chunkRows)
  const integerIds = idsIn('integers')
  const integers = new NumberCollector<BigInt64Array>(BigInt64Array, integerIds)
  for await (const chunk of streamRows(source, { table: 'integers', ids: integerIds, range })) {
    onValues(chunk.rowCount)
    integers.add({ ...placesOf(chunk, offsets), values: chunk.int64(2) })
  }
  const found = new Map<number, TextCollector>()
  for await (const chunk of streamRows(source, { table: 'texts', ids: idsIn('texts'), range })) {
    onValues(chunk.rowCount)
    const [ids, times] = [chunk.int32(0), chunk.int64Halves(1)]
    for (let row = 0; row < chunk.rowCount; row++) {
      const text = chunk.text(2, row)
      // A number takes 16 bytes; a text counts as the numbers that would take its room.
      onValues(Math.floor(text.length / 16))
      textsOf(found, ids[row] ?? 0).add(toInteger(times, row), text)
    }
  }
  const sorted = new Map<number, SortedRows<StoredValues>>(numbers.columns())
  for (const [id, rows] of integers.columns()) sorted.set(id, rows)
  for (const [id, rows] of found) sorted.set(id, rows.sorted())
  return sorted
}

/** Rows of `numbers` in range, in the order in which they came but for late ones; each piece is there until the next one is asked for. */
export async function* readNumbers(
  source: DaySource,
  { ids, range }: Pick<RowRequest, 'ids' | 'range'>,
): AsyncGenerator<Piece<Float64Array>> {
  const offsets = new Float64Array(chunkRows)
  const request = { table: 'numbers', ids, range } as const
  const isHeld = ids.length >= manyColumns && (await areFew(source, request))
  const chunks = isHeld ? heldRows(source, request) : streamRows(source, request)
  for await (const chunk of chunks) yield { ...placesOf(chunk, offsets), values: chunk.float64(2) }
}

/** Of a chunk, at most. */
const chunkRows = 2048

/** `into` takes the times. */
function placesOf(
  chunk: RowChunk,
  into: Float64Array,
): { columns: Int32Array; offsetsNs: Float64Array } {
  const times = chunk.int64Halves(1)
  const offsetsNs =
    chunk.rowCount <= into.length
      ? into.subarray(0, chunk.rowCount)
      : new Float64Array(chunk.rowCount)
  for (let row = 0; row < offsetsNs.length; row++) offsetsNs[row] = toInteger(times, row)
  return { columns: chunk.int32(0), offsetsNs }
}

function textsOf(found: Map<number, TextCollector>, id: number): TextCollector {
  const known = found.get(id)
  if (known !== undefined) return known
  const rows = new TextCollector()
  found.set(id, rows)
  return rows
}

interface RowRequest {
  readonly table: ValueTable
  readonly ids: readonly number[]
  readonly range: TimeRange
}

/** Columns whose rows are so few among those of their day that each vector of it gives one or two: a chunk of its own, fetched by itself, where sorted rows come thousands at once. */
const maxSparse = 16

function rowsSql(name: string, { table, ids, range }: RowRequest): string {
  const time = range.isWhole ? 'true' : within(range)
  const order = ids.length <= maxSparse ? 'ORDER BY col, t' : ''
  return `SELECT col, t, v FROM ${name}.${table} WHERE ${time} AND ${columnFilter(ids)} ${order}`
}

async function* streamRows({ connection, name }: DaySource, request: RowRequest) {
  if (request.ids.length > 0) yield* streamChunks(connection, rowsSql(name, request))
}

const heldRows = ({ connection, name }: DaySource, request: RowRequest) =>
  heldChunks(connection, rowsSql(name, request))

/** So many that they are a large part of what their time has: counting all of it is then worth it. */
const manyColumns = 100
/** Rows that DuckDB may hold at one time, 20 bytes each, which its own limit of memory does not count. */
const maxHeld = 1_000_000

/** Whether the rows of all columns in this time are few enough to be held. */
async function areFew(
  { connection, name }: DaySource,
  { table, range }: RowRequest,
): Promise<boolean> {
  if (range.isWhole) return false
  const rows = `SELECT 1 FROM ${name}.${table} WHERE ${within(range)} LIMIT ${maxHeld + 1}`
  const reader = await connection.runAndReadAll(`SELECT count(*) FROM (${rows})`)
  return Number(reader.getRows()[0]?.[0]) <= maxHeld
}
