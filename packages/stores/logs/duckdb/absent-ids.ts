import type { DuckDBConnection } from '@duckdb/node-api'
import type { DayFile } from '../../duckdb/day-files.ts'
import { IdFilter } from './id-filter.ts'
import type { LogFile } from './log-file.ts'
import type { IdTable } from './read-ids.ts'

/** Something with an id: the one at `index` of the table. */
export interface Identified {
  readonly ids: IdTable
  readonly index: number
}

const keyOf = ({ ids, index }: Identified) => `${ids.longs[index * 2 + 1]},${ids.longs[index * 2]}`

/** Those that the file does not have; of several with one id the first.
 *  The filter says which ids may be there already; SQL says which of those are. */
export async function withoutKnown<Item extends Identified>(
  connection: DuckDBConnection,
  { name, state }: Pick<DayFile<LogFile>, 'name' | 'state'>,
  items: readonly Item[],
): Promise<readonly Item[]> {
  const suspects = items.filter(({ ids, index }) => state.filter.has(ids.words, index))
  const present = await findPresent(connection, name, suspects.map(keyOf))
  const absent = present.size === 0 ? items : items.filter((item) => !present.has(keyOf(item)))
  return mayRepeat(absent) ? withoutRepeats(absent) : absent
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

function mayRepeat(items: readonly Identified[]): boolean {
  const seen = new IdFilter(items.length)
  return items.some(({ ids, index }) => {
    if (seen.has(ids.words, index)) return true
    seen.add(ids.words, index)
    return false
  })
}

function withoutRepeats<Item extends Identified>(items: readonly Item[]): readonly Item[] {
  const byLow = new Map<bigint, bigint[]>()
  return items.filter(({ ids, index }) => {
    const low = ids.longs[index * 2] ?? 0n
    const high = ids.longs[index * 2 + 1] ?? 0n
    const highs = byLow.get(low)
    if (highs?.includes(high)) return false
    if (highs === undefined) byLow.set(low, [high])
    else highs.push(high)
    return true
  })
}
