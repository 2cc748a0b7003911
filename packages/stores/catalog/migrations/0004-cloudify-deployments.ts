import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cloudify_deployments')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('deployment', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('cloudify_deployments_key', ['tenant', 'deployment'])
    .execute()
}
