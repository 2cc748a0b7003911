import type { Kysely } from 'kysely'

/** Tokens of programs that evaluate alert rules; one made before is of none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('tokens')
    .addColumn('is_alerting', 'boolean', (column) => column.notNull().defaultTo(false))
    .execute()
}
