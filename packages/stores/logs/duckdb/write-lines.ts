import type { DuckDBConnection } from '@duckdb/node-api'
import { appendColumns } from '../../duckdb/append-columns.ts'
import type { DayFile } from '../../duckdb/day-files.ts'
import { inTransaction } from '../../duckdb/engine.ts'
import { freeAfter } from '../../duckdb/free-after.ts'
import { nameAt } from '../../item-names.ts'
import { absentRows } from './absent-ids.ts'
import type { CanonicalLines } from './canonical-lines.ts'
import { quoted } from './exact-sql.ts'
import { unseen, type WritableLogFile } from './log-file.ts'
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
  file: DayFile<WritableLogFile>,
  { lines, day }: { readonly lines: CanonicalLines; readonly day: readonly number[] },
): Promise<void> {
  const { ids } = lines
  const rows = await absentRows(connection, file, { ids, rows: day })
  if (rows.length === 0) return
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
  const values = {
    high: new BigUint64Array(longsOf(rows, { words: ids.words, size: 4, at: 2 })),
    low: new BigUint64Array(longsOf(rows, { words: ids.words, size: 4, at: 0 })),
    t: new BigInt64Array(longsOf(rows, { words: new Uint32Array(times.buffer), size: 2, at: 0 })),
    stream: Int32Array.from(rows, (index) => numbers.get(nameAt(streams, index)) ?? 0),
    starts: Uint32Array.from(rows, (index) => starts[index] ?? 0),
    ends: Uint32Array.from(rows, (index) => (starts[index + 1] ?? 1) - 1),
  }
  const { high, low, t, stream, ...ofText } = values
  const columns = [high, low, t, stream, { bytes, ...ofText }]
  const table = { catalog: 'temp', table: 'staged_lines' }
  await freeAfter(values, appendColumns(connection, table, { rowCount: rows.length, columns }))
}

interface Longs {
  /** `size` words a row, low before high. */
  readonly words: Uint32Array
  readonly size: number
  /** Which of a row's words are wanted: this one and the next. */
  readonly at: number
}

/** Word by word: each number of 64 bits in hand would be an object. */
function longsOf(rows: readonly number[], { words, size, at }: Longs): ArrayBuffer {
  const picked = new Uint32Array(rows.length * 2)
  let to = 0
  for (const row of rows) {
    picked[to++] = words[row * size + at] ?? 0
    picked[to++] = words[row * size + at + 1] ?? 0
  }
  return picked.buffer
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
