import type { Kysely } from 'kysely'
import type { Tenants } from './catalog.ts'
import type { CatalogTables } from './tables.ts'

export function createTenants(db: Kysely<CatalogTables>): Tenants {
  return {
    async list() {
      const rows = await db.selectFrom('tenants').select('name').orderBy('name').execute()
      return rows.map(({ name }) => name)
    },
    async has(name) {
      const row = await db
        .selectFrom('tenants')
        .select('name')
        .where('name', '=', name)
        .executeTakeFirst()
      return row !== undefined
    },
    async ensure(name) {
      await db
        .insertInto('tenants')
        .values({ name })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
  }
}
