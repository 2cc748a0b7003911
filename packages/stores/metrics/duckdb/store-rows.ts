import type { DuckDBConnection } from '@duckdb/node-api'
import { appendColumns, type Rows } from '../../duckdb/append-columns.ts'
import type { DayRows } from './line-writer.ts'
import { type ValueTable, valueTables } from './schema.ts'

interface Target {
  readonly connection: DuckDBConnection
  readonly catalog: string
}

const stagedType = { numbers: 'DOUBLE', integers: 'BIGINT', texts: 'VARCHAR' } as const

/** Where points wait that may be there already; once a connection. */
export async function createStaging(connection: DuckDBConnection): Promise<void> {
  for (const table of valueTables)
    await connection.run(
      `CREATE TEMP TABLE staged_${table} (col INTEGER, t BIGINT, v ${stagedType[table]}, position INTEGER)`,
    )
}

/** Adds one batch's rows of one day, in the connection's transaction. Rows no newer than their column replace what has their time, the later of two wins. */
export async function storeRows(target: Target, rows: DayRows): Promise<void> {
  const { connection, catalog } = target
  await appendColumns(connection, { catalog, table: 'numbers' }, rows.numbers.rows())
  await appendColumns(connection, { catalog, table: 'integers' }, rows.integers.rows())
  if (rows.texts.rowCount > 0)
    await appendColumns(connection, { catalog, table: 'texts' }, rows.texts.rows())
  if (rows.oldNumbers.rowCount > 0) await merge(target, 'numbers', rows.oldNumbers.rows())
  if (rows.oldIntegers.rowCount > 0) await merge(target, 'integers', rows.oldIntegers.rows())
  if (rows.oldTexts.rowCount > 0) await merge(target, 'texts', rows.oldTexts.rows())
}

/** 1. Stage the rows, keeping the last of each (column, time).
 *  2. Remove stored rows whose value differs.
 *  3. Insert staged rows that have no stored row: none at all when a batch is written again. */
async function merge(
  { connection, catalog }: Target,
  table: ValueTable,
  { columns, rowCount }: Rows,
): Promise<void> {
  const staged = `staged_${table}`
  const stored = `"${catalog}".${table}`
  const position = Int32Array.from({ length: rowCount }, (_, row) => row)
  await connection.run(`DELETE FROM temp.${staged}`)
  await appendColumns(
    connection,
    { catalog: 'temp', table: staged },
    { columns: [...columns, position], rowCount },
  )
  await connection.run(
    `DELETE FROM temp.${staged} WHERE position NOT IN (SELECT max(position) FROM temp.${staged} GROUP BY col, t)`,
  )
  const bounds = await connection.runAndReadAll(
    `SELECT min(t)::VARCHAR, max(t)::VARCHAR FROM temp.${staged}`,
  )
  const [from, to] = bounds.getRows()[0] ?? []
  const near = `p.t BETWEEN ${String(from)} AND ${String(to)}`
  const same = 's.col = p.col AND s.t = p.t'
  await connection.run(
    `DELETE FROM ${stored} p USING temp.${staged} s WHERE ${near} AND ${same} AND s.v <> p.v`,
  )
  await connection.run(
    `INSERT INTO ${stored} SELECT s.col, s.t, s.v FROM temp.${staged} s WHERE NOT EXISTS (SELECT 1 FROM ${stored} p WHERE ${near} AND ${same})`,
  )
}
