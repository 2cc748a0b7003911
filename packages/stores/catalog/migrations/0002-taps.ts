import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('taps')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('streams', sql`text[]`, (column) => column.notNull())
    .addColumn('deployment', 'text')
    .addColumn('max_bytes', 'integer', (column) => column.notNull())
    .addColumn('message_ttl_ms', 'integer', (column) => column.notNull())
    .addColumn('expires_ms', 'bigint', (column) => column.notNull())
    .addColumn('password_hash', 'text')
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('used_at', 'timestamptz')
    .addPrimaryKeyConstraint('taps_key', ['tenant', 'name'])
    .execute()
}
