import type { DuckDBConnection } from '@duckdb/node-api'
import type { DayFile } from '../../duckdb/day-files.ts'
import { fetchChunk } from '../../duckdb/fetch-chunk.ts'
import { IdFilter } from './id-filter.ts'
import { tablesOf } from './table.ts'

/** Distinct names a day file remembers of one kind; past it, keys stay searchable but are not listed. */
const maxNames = 1000

export type SeenKind = 'stream' | 'attribute'

/** What is kept in memory of an attached day file. */
export interface LogFile {
  readonly seen: Readonly<Record<SeenKind, Set<string>>>
  /** Undefined until the file is written to: making it reads every id, and searches need none. */
  filter: IdFilter | undefined
}

/** One that a write knows all about. */
export type WritableLogFile = LogFile & { readonly filter: IdFilter }

/** Makes the tables and reads back what searches must know. */
export async function openLogFile(connection: DuckDBConnection, name: string): Promise<LogFile> {
  for (const statement of tablesOf(name)) await connection.run(statement)
  return { filter: undefined, seen: await readSeen(connection, name) }
}

/** Reads back what a write must know beside that, once. Nothing else may be under way on the connection, or written to the file. */
export async function openForWrite(
  connection: DuckDBConnection,
  { name, state }: Pick<DayFile<LogFile>, 'name' | 'state'>,
): Promise<WritableLogFile> {
  const filter = state.filter ?? (await readFilter(connection, name))
  return Object.assign(state, { filter })
}

async function readSeen(
  connection: DuckDBConnection,
  name: string,
): Promise<Record<SeenKind, Set<string>>> {
  const seen = { stream: new Set<string>(), attribute: new Set<string>() }
  const rows = await connection.runAndReadAll(`SELECT kind, name FROM ${name}.seen`)
  for (const [kind, text] of rows.getRows()) seen[kind as SeenKind].add(String(text))
  return seen
}

async function readFilter(connection: DuckDBConnection, name: string): Promise<IdFilter> {
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${name}.records`)
  const filter = new IdFilter(Number(counted.getRows()[0]?.[0] ?? 0))
  const ids = await connection.stream(`SELECT id_high, id_low FROM ${name}.records`)
  const pair = new BigUint64Array(2)
  const words = new Uint32Array(pair.buffer)
  for (;;) {
    const chunk = await fetchChunk(ids)
    if (chunk === undefined) return filter
    const high = chunk.getColumnVector(0)
    const low = chunk.getColumnVector(1)
    for (let row = 0; row < chunk.rowCount; row++) {
      pair[0] = low.getItem(row) as bigint
      pair[1] = high.getItem(row) as bigint
      filter.add(words, 0)
    }
  }
}

/** Of these names, the ones the file has not seen yet and still has room for. */
export function unseen(file: LogFile, kind: SeenKind, names: Iterable<string>): string[] {
  const known = file.seen[kind]
  const fresh = new Set<string>()
  for (const name of names)
    if (!known.has(name) && known.size + fresh.size < maxNames) fresh.add(name)
  return [...fresh]
}
