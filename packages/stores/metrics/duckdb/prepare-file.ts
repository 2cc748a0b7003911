import type { DuckDBConnection } from '@duckdb/node-api'
import { inTransaction } from '../../duckdb/engine.ts'
import { storeError } from '../../duckdb/store-error.ts'
import { layoutVersion, tablesOf } from './schema.ts'

interface NewlyAttached {
  /** Quoted name of the attached database. */
  readonly name: string
  readonly catalog: string
}

/** Makes the tables of a new file; refuses one that another version of the store has laid out. */
export async function prepareFile(
  connection: DuckDBConnection,
  { name, catalog }: NewlyAttached,
): Promise<void> {
  const tables = await connection.runAndReadAll(
    "SELECT 1 FROM duckdb_tables() WHERE database_name = $catalog AND table_name = 'layout'",
    { catalog },
  )
  if (tables.currentRowCount === 0) {
    // One commit, so one wait for the disk, and never half of the tables.
    await inTransaction(connection, () =>
      connection.run(`${tablesOf(name)} INSERT INTO ${name}.layout VALUES (${layoutVersion})`),
    )
    return
  }
  const layout = await connection.runAndReadAll(`SELECT version FROM ${name}.layout`)
  const version = Number(layout.getRows()[0]?.[0])
  if (version !== layoutVersion)
    throw storeError(
      'file_corrupt',
      `${name} has layout ${version}, this version reads ${layoutVersion}`,
    )
}
