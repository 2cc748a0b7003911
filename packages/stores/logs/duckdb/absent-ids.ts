import type { DuckDBConnection } from '@duckdb/node-api'
import type { DayFile } from '../../duckdb/day-files.ts'
import { IdFilter } from './id-filter.ts'
import type { WritableLogFile } from './log-file.ts'
import type { IdTable } from './read-ids.ts'

/** Records by their position in the table of ids. */
interface Identified {
  readonly ids: IdTable
  readonly rows: readonly number[]
}

const keyOf = ({ longs }: IdTable, row: number) => `${longs[row * 2 + 1]},${longs[row * 2]}`

/** The rows that the file does not have; of several with one id the first.
 *  The filter says which ids may be there already; SQL says which of those are. */
export async function absentRows(
  connection: DuckDBConnection,
  { name, state }: Pick<DayFile<WritableLogFile>, 'name' | 'state'>,
  { ids, rows }: Identified,
): Promise<readonly number[]> {
  const suspects = rows.filter((row) => state.filter.has(ids.words, row))
  const keys = suspects.map((row) => keyOf(ids, row))
  const present = await findPresent(connection, name, keys)
  const absent = present.size === 0 ? rows : rows.filter((row) => !present.has(keyOf(ids, row)))
  return mayRepeat({ ids, rows: absent }) ? withoutRepeats({ ids, rows: absent }) : absent
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

function mayRepeat({ ids: { words }, rows }: Identified): boolean {
  const seen = new IdFilter(rows.length)
  return rows.some((row) => {
    if (seen.has(words, row)) return true
    seen.add(words, row)
    return false
  })
}

function withoutRepeats({ ids, rows }: Identified): readonly number[] {
  const seen = new Set<string>()
  return rows.filter((row) => {
    const key = keyOf(ids, row)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
