import type { DuckDBConnection } from '@duckdb/node-api'
import { storeError } from '../../../duckdb/store-error.ts'
import { valueTables } from '../schema.ts'

interface Copy {
  readonly connection: DuckDBConnection
  /** The attached file, without quotes. */
  readonly catalog: string
  /** Quoted name of the empty draft. */
  readonly draft: string
}

const countOf = async (connection: DuckDBConnection, name: string): Promise<number> => {
  const counts = valueTables.map((table) => `(SELECT count(*) FROM ${name}.${table})`)
  const rows = await connection.runAndReadAll(`SELECT ${counts.join(' + ')}`)
  return Number(rows.getRows()[0]?.[0])
}

const tablesIn = async (connection: DuckDBConnection, catalog: string): Promise<Set<string>> => {
  const rows = await connection.runAndReadAll(
    'SELECT table_name FROM duckdb_tables() WHERE database_name = $catalog',
    { catalog },
  )
  return new Set(rows.getRows().map(([name]) => String(name)))
}

/** Rows of values that a file has now, and had when it was made by `copySorted`, undefined when it was not. */
export async function readGrowth(
  connection: DuckDBConnection,
  catalog: string,
): Promise<{ readonly rows: number; readonly sorted: number | undefined }> {
  const rows = await countOf(connection, `"${catalog}"`)
  if (!(await tablesIn(connection, catalog)).has('compacted')) return { rows, sorted: undefined }
  const found = await connection.runAndReadAll(`SELECT rows FROM "${catalog}".compacted`)
  return { rows, sorted: Number(found.getRows()[0]?.[0]) }
}

/** Copies every table of a day file to a draft, values by field, time and series: like values stand together, and times, which take most room, hardly change from row to row. Throws when a row were missing. */
export async function copySorted({ connection, catalog, draft }: Copy): Promise<void> {
  const file = `"${catalog}"`
  const tables = await tablesIn(connection, catalog)
  for (const table of valueTables) {
    tables.delete(table)
    await connection.run(
      `CREATE TABLE ${draft}.${table} AS SELECT p.col, p.t, p.v FROM ${file}.${table} p LEFT JOIN ${file}.columns c ON c.id = p.col ORDER BY c.field, p.t, p.col`,
    )
  }
  tables.delete('compacted')
  for (const table of tables)
    await connection.run(`CREATE TABLE ${draft}."${table}" AS FROM ${file}."${table}"`)
  const [rows, copied] = [await countOf(connection, file), await countOf(connection, draft)]
  if (rows !== copied)
    throw storeError('store_failed', `${file} has ${rows} values, its copy ${copied}`)
  await connection.run(`CREATE TABLE ${draft}.compacted AS SELECT ${rows}::BIGINT AS rows`)
}
