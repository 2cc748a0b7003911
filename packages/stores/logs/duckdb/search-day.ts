import type { DuckDBConnection, DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api'
import type { DayFile } from '../../duckdb/day-files.ts'
import { fetchChunk } from '../../duckdb/fetch-chunk.ts'
import { leaveStream } from '../../duckdb/read-chunks.ts'
import { storeError } from '../../duckdb/store-error.ts'
import type { DaySearch } from './day-search.ts'
import { quoted } from './exact-sql.ts'
import { GroupView } from './group-view.ts'
import type { LogFile } from './log-file.ts'
import type { PushedGroups } from './pushed-groups.ts'
import { type Cell, type RowPlace, RowView } from './row-view.ts'
import { fromStoredText } from './stored-text.ts'
import { columnNames } from './table.ts'
import { Turn } from './turn.ts'
import { partsOfDay } from './words/parts-of-day.ts'

/** A hit that knows where its row is. */
export class LocatedRow extends RowView {
  readonly day: number
  readonly rowId: number

  constructor(
    place: RowPlace & { readonly day: number },
    rowId: number,
    cell: (column: number) => Cell,
  ) {
    super(place, rowId, cell)
    this.day = place.day
    this.rowId = rowId
  }
}

type File = DayFile<LogFile>

/** Room for the row numbers of one day in the `_doc` order. */
const rowsPerDay = 2 ** 32

export function placeOf({ tenant, streams }: Pick<DaySearch, 'tenant' | 'streams'>, day: number) {
  return {
    tenant,
    day,
    firstOrder: day * rowsPerDay,
    indexOf: (dataset: string) => streams.get(dataset) ?? '',
  }
}

/** Puts the matches of one day into the collector and the hits. */
export async function searchDay(
  connection: DuckDBConnection,
  file: File,
  search: DaySearch,
): Promise<void> {
  for (const part of await partsOfDay(connection, file, search))
    await searchPart(connection, file, part)
}

async function searchPart(
  connection: DuckDBConnection,
  file: File,
  search: DaySearch,
): Promise<void> {
  const from = sourceOf(file, search)
  if (from === undefined) return
  if (search.groups === undefined || search.order === undefined)
    return await scanRows(connection, file, { search, from })
  await countGroups(connection, from, { search, groups: search.groups })
  await firstRows(connection, file, {
    search,
    from: `${from} ${search.order.after} ${search.order.by}`,
  })
}

/** `FROM … WHERE …`; undefined when the file has none of the streams. */
function sourceOf({ name, state }: File, { streams, where }: DaySearch): string | undefined {
  const wanted = [...state.seen.stream].filter((dataset) => streams.has(dataset))
  if (wanted.length === 0) return undefined
  const all = wanted.length === state.seen.stream.size
  const ofStreams = all ? '' : ` AND stream IN (${wanted.map(quoted).join(', ')})`
  return `FROM ${name}.records WHERE ${where}${ofStreams}`
}

interface Counting {
  readonly search: DaySearch
  readonly groups: PushedGroups
}

async function countGroups(
  connection: DuckDBConnection,
  from: string,
  { search, groups: { stepMs, keys } }: Counting,
): Promise<void> {
  const stepNs = stepMs === undefined ? '1' : `${stepMs}000000`
  const time = stepMs === undefined ? 'NULL' : `time // ${stepNs}`
  const columns = [time, ...keys.map(({ column }) => column)].join(', ')
  const sql = `SELECT count(*), ${columns} ${from} GROUP BY ALL`
  for await (const chunk of chunksOf(connection, sql, search.signal))
    for (const [count, step, ...values] of chunk.getRows()) {
      const group = new Map<string, string | number>()
      if (stepMs !== undefined) group.set('@timestamp', Number(step) * stepMs)
      keys.forEach(({ field }, i) => {
        const value = values[i]
        if (typeof value === 'string') group.set(field, fromStoredText(value))
      })
      search.collector.add(new GroupView(Number(count), group))
    }
}

interface Reading {
  readonly search: DaySearch
  readonly from: string
}

/** The rows that can be on the page, ordered and cut by SQL. */
async function firstRows(
  connection: DuckDBConnection,
  file: File,
  { search, from }: Reading,
): Promise<void> {
  const { request, resultColumns } = search
  if (request.size === 0) return
  const columns = [...resultColumns]
  const sql = `SELECT ${namesOf(columns)} ${from} LIMIT ${request.from + request.size}`
  const place = placeOf(search, file.day)
  for await (const chunk of chunksOf(connection, sql, search.signal)) {
    const vectors = vectorsOf(chunk, columns)
    for (let row = 0; row < chunk.rowCount; row++)
      search.hits.add(detach(place, { vectors, columns, row }))
  }
}

const dayMs = 86_400_000

/** Every row that the prefilter leaves, judged by the matcher; stretch by stretch while the answer may be whole before the last one. */
async function scanRows(
  connection: DuckDBConnection,
  file: File,
  { search, from }: Reading,
): Promise<void> {
  const { earlyEnd, range } = search
  if (earlyEnd === undefined) return await scanStretch(connection, file, { search, from })
  const midnightMs = file.day * dayMs
  const ofDay = {
    minMs: Math.max(midnightMs, range.minMs),
    maxMs: Math.min(midnightMs + dayMs - 1, range.maxMs),
  }
  for (const stretch of earlyEnd.stretches(ofDay)) {
    if (earlyEnd.isReached) return
    await scanStretch(connection, file, { search, from: `${from} AND ${stretch}` })
    earlyEnd.endStretch()
  }
}

async function scanStretch(
  connection: DuckDBConnection,
  file: File,
  { search, from }: Reading,
): Promise<void> {
  const { queryColumns, resultColumns, earlyEnd, signal } = search
  const columns = [...new Set([...queryColumns, ...resultColumns])]
  const scan = { search, columns, place: placeOf(search, file.day), turn: new Turn(search) }
  const { turn } = scan
  turn.leave()
  for await (const chunk of chunksOf(connection, `SELECT ${namesOf(columns)} ${from}`, signal)) {
    turn.resume()
    await scanChunk(chunk, scan)
    if (earlyEnd?.isReached) return
    turn.leave()
  }
}

interface Scan {
  readonly search: DaySearch
  readonly columns: readonly number[]
  readonly place: ReturnType<typeof placeOf>
  readonly turn: Turn
}

async function scanChunk(
  chunk: DuckDBDataChunk,
  { search, columns, place, turn }: Scan,
): Promise<void> {
  const { matcher = () => true, resultColumns, collector, earlyEnd, request, hits } = search
  const vectors = vectorsOf(chunk, columns)
  const kept = [...resultColumns]
  for (let row = 0; row < chunk.rowCount; row++) {
    if (turn.isOver) await turn.next()
    const view = new RowView(place, row, (column) => vectors[column]?.getItem(row) as Cell)
    if (!matcher(view)) continue
    const record = detach(place, { vectors, columns: kept, row })
    collector.add(record)
    earlyEnd?.addMatch()
    if (request.size > 0) hits.add(record)
    if (earlyEnd?.isReached) return
  }
}

interface ChunkRow {
  readonly vectors: Vectors
  readonly columns: readonly number[]
  readonly row: number
}

/** A copy of what the result needs: a view of the chunk would keep the whole chunk in memory. */
function detach(
  place: ReturnType<typeof placeOf>,
  { vectors, columns, row }: ChunkRow,
): LocatedRow {
  const cells: Cell[] = []
  for (const column of columns) cells[column] = vectors[column]?.getItem(row) as Cell
  const rowId = Number(vectors[rowIdColumn]?.getItem(row))
  return new LocatedRow(place, rowId, (column) => cells[column] ?? null)
}

/** By number of the table's column. */
export type Vectors = readonly (DuckDBVector | undefined)[]

const rowIdColumn = columnNames.length

export const namesOf = (columns: readonly number[]): string =>
  ['rowid', ...columns.map((column) => columnNames[column] ?? '')].join(', ')

export function vectorsOf(chunk: DuckDBDataChunk, columns: readonly number[]): Vectors {
  const vectors: (DuckDBVector | undefined)[] = []
  vectors[rowIdColumn] = chunk.getColumnVector(0)
  columns.forEach((column, i) => {
    vectors[column] = chunk.getColumnVector(i + 1)
  })
  return vectors
}

export const rowIdOf = (vectors: Vectors, row: number): number =>
  Number(vectors[rowIdColumn]?.getItem(row))

export async function* chunksOf(
  connection: DuckDBConnection,
  sql: string,
  signal: AbortSignal,
): AsyncIterable<DuckDBDataChunk> {
  const result = await connection.stream(sql)
  let ended = false
  try {
    for (;;) {
      const chunk = await fetchChunk(result)
      ended = chunk === undefined
      if (chunk === undefined) return
      yield chunk
      if (signal.aborted) throw storeError('aborted', 'the query was cancelled')
    }
  } finally {
    if (!ended) await leaveStream(connection)
  }
}
