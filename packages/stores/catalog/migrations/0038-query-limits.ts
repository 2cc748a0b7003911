import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** Limits of queries, by tenant; `*` has the defaults. What was removed stays as a row without limits, so that who looks for changes sees it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE SEQUENCE query_limits_seq`.execute(db)
  await db.schema
    .createTable('query_limits')
    .addColumn('tenant', 'text', (column) => column.primaryKey())
    .addColumn('limits', 'jsonb')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull().unique())
    .execute()
}
