import { type DuckDBConnection, VARCHAR } from '@duckdb/node-api'
import type { DayFile } from '../../duckdb/day-files.ts'
import { inTransaction } from '../../duckdb/engine.ts'
import { appendRecords, type NewRecord } from './append-records.ts'
import { type LogFile, type SeenKind, unseen } from './log-file.ts'

const keyOf = ({ ids, index }: NewRecord) => `${ids.longs[index * 2 + 1]},${ids.longs[index * 2]}`

/** 1. The filter says which ids may be there already; SQL says which of those are.
 *  2. Within the batch the first one wins.
 *  3. Append and commit; only then does the filter learn the new ids. */
export async function writeDay(
  connection: DuckDBConnection,
  file: DayFile<LogFile>,
  records: readonly NewRecord[],
): Promise<void> {
  const { filter, seen } = file.state
  const suspects = records.filter(({ ids, index }) => filter.has(ids.words, index))
  const present = await findPresent(connection, file.name, suspects.map(keyOf))
  const absent =
    present.size === 0 ? records : records.filter((record) => !present.has(keyOf(record)))
  const fresh = withoutRepeats(absent)
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

/** `high,low` of those ids that the file has. */
async function findPresent(
  connection: DuckDBConnection,
  name: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set()
  const values = keys.map((key) => `(${key})`).join(',')
  const rows = await connection.runAndReadAll(
    `SELECT r.id_high || ',' || r.id_low FROM ${name}.records r
     SEMI JOIN (VALUES ${values}) k(high, low) ON r.id_high = k.high::UBIGINT AND r.id_low = k.low::UBIGINT`,
  )
  return new Set(rows.getRows().map(([key]) => String(key)))
}

function withoutRepeats(records: readonly NewRecord[]): readonly NewRecord[] {
  const byLow = new Map<bigint, bigint[]>()
  return records.filter(({ ids, index }) => {
    const low = ids.longs[index * 2] ?? 0n
    const high = ids.longs[index * 2 + 1] ?? 0n
    const highs = byLow.get(low)
    if (highs?.includes(high)) return false
    if (highs === undefined) byLow.set(low, [high])
    else highs.push(high)
    return true
  })
}

const streamsOf = (records: readonly NewRecord[]): Set<string> =>
  new Set(records.map(({ stream }) => stream))

function* attributesOf(records: readonly NewRecord[]): Iterable<string> {
  for (const { record } of records)
    if (typeof record['attributes'] === 'object') yield* Object.keys(record['attributes'] ?? {})
}

async function insertSeen(
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
