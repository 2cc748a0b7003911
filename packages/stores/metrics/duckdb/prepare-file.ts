import type { DuckDBConnection } from '@duckdb/node-api'
import { inTransaction } from '../../duckdb/engine.ts'
import { storeError } from '../../duckdb/store-error.ts'
import { rollupPolicies } from '../../rollup-policies.ts'
import {
  type LayoutSteps,
  layoutAfter,
  rawSteps,
  rawTablesOf,
  rollupSteps,
  rollupTablesOf,
  tablesOf,
  valueTables,
} from './schema.ts'

interface NewlyAttached {
  /** Quoted name of the attached database. */
  readonly name: string
  readonly catalog: string
}

/** Makes the tables of a new file, and what rollups need in one made before them; refuses one that another version of the store has laid out. */
export async function prepareFile(
  connection: DuckDBConnection,
  file: NewlyAttached,
): Promise<void> {
  const { name } = file
  if (!(await hasTable(connection, file, 'layout'))) {
    // One commit, so one wait for the disk, and never half of the tables.
    await inTransaction(connection, () =>
      connection.run(
        `${rawTablesOf(name)} INSERT INTO ${name}.layout VALUES (${layoutAfter(rawSteps)})`,
      ),
    )
    return
  }
  await upgrade(connection, name, rawSteps)
  if (!(await hasTable(connection, file, 'stale')))
    await inTransaction(connection, () =>
      connection.run(`${rollupTablesOf(name)} ${everyWindowStale(name)}`),
    )
}

/** The same for a file of rollups. */
export async function prepareRollupFile(
  connection: DuckDBConnection,
  file: NewlyAttached,
): Promise<void> {
  const { name } = file
  if (await hasTable(connection, file, 'layout')) return upgrade(connection, name, rollupSteps)
  // Which file of raw points the windows of a day were made of; which of them were absent then, and made of a later file of that day.
  const origins = `
    CREATE TABLE ${name}.origins (day INTEGER NOT NULL, id VARCHAR NOT NULL);
    CREATE TABLE ${name}.filled (id VARCHAR NOT NULL, col INTEGER NOT NULL, t BIGINT NOT NULL);`
  await inTransaction(connection, () =>
    connection.run(
      `${tablesOf(name)} ${origins} INSERT INTO ${name}.layout VALUES (${layoutAfter(rollupSteps)})`,
    ),
  )
}

/** Asks the file alone. `duckdb_tables()` reads every attached file, and one that is detached meanwhile cannot be attached again until that has ended. */
async function hasTable(
  connection: DuckDBConnection,
  { name }: NewlyAttached,
  table: string,
): Promise<boolean> {
  try {
    await connection.run(`SELECT 1 FROM ${name}.${table} LIMIT 0`)
    return true
  } catch (cause) {
    if (cause instanceof Error && cause.message.startsWith('Catalog Error')) return false
    throw cause
  }
}

/** Of an earlier layout makes this version's, with what it lacks. */
async function upgrade(
  connection: DuckDBConnection,
  name: string,
  steps: LayoutSteps,
): Promise<void> {
  const layout = await connection.runAndReadAll(`SELECT version FROM ${name}.layout`)
  const version = Number(layout.getRows()[0]?.[0])
  const own = layoutAfter(steps)
  if (version === own) return
  if (!(version >= 1 && version < own))
    throw storeError('file_corrupt', `${name} has layout ${version}, this version reads ${own}`)
  const lacking = steps.slice(version - 1).map((step) => step(name))
  await inTransaction(connection, () =>
    connection.run(`${lacking.join(' ')} UPDATE ${name}.layout SET version = ${own}`),
  )
}

/** Of a file that has points but was never rolled up. */
const everyWindowStale = (name: string): string =>
  rollupPolicies
    .map(
      ({ width }) => `INSERT INTO ${name}.stale
  SELECT DISTINCT ${width}, t // ${width}000000000, 0, epoch_ms(now()::TIMESTAMPTZ)
  FROM (${valueTables.map((table) => `SELECT t FROM ${name}.${table}`).join(' UNION ALL ')});`,
    )
    .join(' ')
