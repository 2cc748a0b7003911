import type { DuckDBConnection } from '@duckdb/node-api'
import type { DayFile } from '../../duckdb/day-files.ts'
import type { LogFile } from './log-file.ts'
import type { Cell } from './row-view.ts'
import {
  chunksOf,
  type DaySearch,
  LocatedRow,
  namesOf,
  placeOf,
  rowIdOf,
  vectorsOf,
} from './search-day.ts'
import { columnNames } from './table.ts'

const allColumns = columnNames.map((_, column) => column)

/** All columns of these rows, in any order. */
export async function readRows(
  connection: DuckDBConnection,
  file: DayFile<LogFile>,
  { daySearch, rows }: { readonly daySearch: DaySearch; readonly rows: readonly LocatedRow[] },
): Promise<readonly LocatedRow[]> {
  const ids = rows.map(({ rowId }) => rowId).join(', ')
  const sql = `SELECT ${namesOf(allColumns)} FROM ${file.name}.records WHERE rowid IN (${ids})`
  const place = placeOf(daySearch, file.day)
  const full: LocatedRow[] = []
  for await (const chunk of chunksOf(connection, sql, daySearch.signal)) {
    const vectors = vectorsOf(chunk, allColumns)
    for (let row = 0; row < chunk.rowCount; row++) {
      const cells = allColumns.map((column) => vectors[column]?.getItem(row) as Cell)
      full.push(new LocatedRow(place, rowIdOf(vectors, row), (column) => cells[column] ?? null))
    }
  }
  return full
}
