import { type Kysely, sql } from 'kysely'

/** Tokens that may read some deployments only; one made before reads them all. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('tokens').addColumn('deployments', sql`text[]`).execute()
}
