import type { DuckDBConnection } from '@duckdb/node-api'
import { appendColumns } from '../../duckdb/append-columns.ts'
import type { DayFile } from '../../duckdb/day-files.ts'
import { inTransaction } from '../../duckdb/engine.ts'
import { nameAt } from '../../item-names.ts'
import { withoutKnown } from './absent-ids.ts'
import type { CanonicalLines } from './canonical-lines.ts'
import { quoted } from './exact-sql.ts'
import { type LogFile, unseen } from './log-file.ts'
import { keywordColumns } from './table.ts'
import { insertSeen } from './write-day.ts'

const staged = 'temp.staged_lines'

/** How DuckDB reads a line, by key; in the order of the table's columns from `message` on. */
const read: readonly (readonly [string, 'VARCHAR' | 'BIGINT' | 'JSON'])[] = [
  ['message', 'VARCHAR'],
  ['severity_number', 'BIGINT'],
  ['log.offset', 'BIGINT'],
  ['observed_timestamp', 'VARCHAR'],
  ['attributes', 'JSON'],
  ...keywordColumns.map(({ field }) => [field, 'VARCHAR'] as const),
]
const shape = JSON.stringify(Object.fromEntries(read))
const columns = read.map(([key]) => `x."${key}"`).join(', ')

const attributesKey = Buffer.from('"attributes":')

/** As `writeDay`, but DuckDB parses the lines: JavaScript makes no object of a record, which takes a third of the time.
 *  Throws DuckDB's error and changes nothing when a line is no JSON. */
export async function writeLinesOfDay(
  connection: DuckDBConnection,
  file: DayFile<LogFile>,
  { lines, day }: { readonly lines: CanonicalLines; readonly day: readonly number[] },
): Promise<void> {
  const { ids } = lines
  const items = await withoutKnown(
    connection,
    file,
    day.map((index) => ({ ids, index })),
  )
  if (items.length === 0) return
  const rows = items.map(({ index }) => index)
  const datasets = [...new Set(rows.map((index) => nameAt(lines.datasets, index)))]
  const streams = unseen(file.state, 'stream', datasets)
  await stage(connection, { lines, rows, datasets })
  try {
    const attributes = unseen(file.state, 'attribute', await attributesOf(connection, lines))
    await inTransaction(connection, async () => {
      await connection.run(
        `INSERT INTO ${file.name}.records SELECT high, low, t, [${datasets.map(quoted).join(', ')}][stream + 1], ${columns}
         FROM (SELECT high, low, t, stream, json_transform(line, ${quoted(shape)}) AS x FROM ${staged})`,
      )
      await insertSeen(connection, file.name, { kind: 'stream', names: streams })
      await insertSeen(connection, file.name, { kind: 'attribute', names: attributes })
    })
    for (const index of rows) file.state.filter.add(ids.words, index)
    for (const name of streams) file.state.seen.stream.add(name)
    for (const name of attributes) file.state.seen.attribute.add(name)
  } finally {
    await connection.run(`DROP TABLE IF EXISTS ${staged}`)
  }
}

interface Staging {
  readonly lines: CanonicalLines
  readonly rows: readonly number[]
  readonly datasets: readonly string[]
}

async function stage(
  connection: DuckDBConnection,
  { lines: { bytes, starts, ids, times, datasets: streams }, rows, datasets }: Staging,
): Promise<void> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE staged_lines (high UBIGINT, low UBIGINT, t BIGINT, stream INTEGER, line VARCHAR)`,
  )
  const numbers = new Map(datasets.map((name, number) => [name, number]))
  await appendColumns(
    connection,
    { catalog: 'temp', table: 'staged_lines' },
    {
      rowCount: rows.length,
      columns: [
        BigUint64Array.from(rows, (index) => ids.longs[index * 2 + 1] ?? 0n),
        BigUint64Array.from(rows, (index) => ids.longs[index * 2] ?? 0n),
        BigInt64Array.from(rows, (index) => times[index] ?? 0n),
        Int32Array.from(rows, (index) => numbers.get(nameAt(streams, index)) ?? 0),
        {
          bytes,
          starts: Uint32Array.from(rows, (index) => starts[index] ?? 0),
          ends: Uint32Array.from(rows, (index) => (starts[index + 1] ?? 1) - 1),
        },
      ],
    },
  )
}

async function attributesOf(
  connection: DuckDBConnection,
  { bytes }: CanonicalLines,
): Promise<readonly string[]> {
  if (!bytes.includes(attributesKey)) return []
  const names = await connection.runAndReadAll(
    `SELECT DISTINCT unnest(json_keys(line, '$.attributes')) FROM ${staged}`,
  )
  return names.getRows().map(([name]) => String(name))
}
