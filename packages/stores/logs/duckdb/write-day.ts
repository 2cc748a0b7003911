import { type DuckDBConnection, VARCHAR } from '@duckdb/node-api'
import type { DayFile } from '../../duckdb/day-files.ts'
import { inTransaction } from '../../duckdb/engine.ts'
import { absentRows } from './absent-ids.ts'
import { appendRecords, type NewRecord } from './append-records.ts'
import { type SeenKind, unseen, type WritableLogFile } from './log-file.ts'

/** 1. Leave out the records that the file has, and repeats.
 *  2. Append and commit; only then does the filter learn the new ids. */
export async function writeDay(
  connection: DuckDBConnection,
  file: DayFile<WritableLogFile>,
  records: readonly NewRecord[],
): Promise<void> {
  const { filter, seen } = file.state
  const [first] = records
  if (first === undefined) return
  const rows = records.map(({ index }) => index)
  const absent = new Set(await absentRows(connection, file, { ids: first.ids, rows }))
  const fresh = records.filter(({ index }) => absent.has(index))
  if (fresh.length === 0) return
  const streams = unseen(file.state, 'stream', streamsOf(fresh))
  const attributes = unseen(file.state, 'attribute', attributesOf(fresh))
  await inTransaction(connection, async () => {
    await appendRecords(connection, file.catalog, fresh)
    await insertSeen(connection, file.name, { kind: 'stream', names: streams })
    await insertSeen(connection, file.name, { kind: 'attribute', names: attributes })
  })
  for (const { ids, index } of fresh) filter.add(ids.words, index)
  for (const name of streams) seen.stream.add(name)
  for (const name of attributes) seen.attribute.add(name)
}

const streamsOf = (records: readonly NewRecord[]): Set<string> =>
  new Set(records.map(({ stream }) => stream))

function* attributesOf(records: readonly NewRecord[]): Iterable<string> {
  for (const { record } of records)
    if (typeof record['attributes'] === 'object') yield* Object.keys(record['attributes'] ?? {})
}

export async function insertSeen(
  connection: DuckDBConnection,
  name: string,
  { kind, names }: { readonly kind: SeenKind; readonly names: readonly string[] },
): Promise<void> {
  for (const text of names)
    await connection.run(
      `INSERT INTO ${name}.seen VALUES ($1, $2)`,
      [kind, text],
      [VARCHAR, VARCHAR],
    )
}
