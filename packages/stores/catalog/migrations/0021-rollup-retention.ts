import type { Kysely } from 'kysely'

/** A tenant that has set its retention before keeps rollups as long as one that has not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('retention')
    .addColumn('metrics_5m_days', 'integer', (column) => column.notNull().defaultTo(180))
    .execute()
  await db.schema
    .alterTable('retention')
    .addColumn('metrics_1h_days', 'integer', (column) => column.notNull().defaultTo(730))
    .execute()
}
