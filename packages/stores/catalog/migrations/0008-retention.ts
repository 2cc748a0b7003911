import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('retention')
    .addColumn('tenant', 'text', (column) => column.primaryKey())
    .addColumn('metrics_days', 'integer', (column) => column.notNull())
    .addColumn('logs_days', 'integer', (column) => column.notNull())
    .execute()
}
