import type { NewLimits } from '@warren/contracts/http/limits'
import { type Kysely, sql } from 'kysely'
import type { QueryLimits } from './catalog.ts'
import type { CatalogTables } from './tables.ts'

/** Stands for every tenant that has none of its own. */
export const defaultLimitsOwner = '*'

export function createQueryLimits(db: Kysely<CatalogTables>): QueryLimits {
  async function write(tenant: string, limits: NewLimits | undefined, version: number) {
    return db.transaction().execute(async (trx) => {
      // One writer at a time: whoever reads up to a `seq` must not miss a smaller one that comes later.
      await sql`LOCK TABLE query_limits IN SHARE ROW EXCLUSIVE MODE`.execute(trx)
      const row = await trx
        .selectFrom('query_limits')
        .select('version')
        .where('tenant', '=', tenant)
        .executeTakeFirst()
      if ((row?.version ?? 0) !== version) return undefined
      const values = {
        limits: limits === undefined ? null : JSON.stringify(limits),
        version: version + 1,
        seq: sql<string>`nextval('query_limits_seq')`,
      }
      await trx
        .insertInto('query_limits')
        .values({ tenant, ...values })
        .onConflict((conflict) => conflict.column('tenant').doUpdateSet(values))
        .execute()
      return version + 1
    })
  }
  return {
    async of(tenant) {
      const row = await db
        .selectFrom('query_limits')
        .select(['limits', 'version'])
        .where('tenant', '=', tenant)
        .executeTakeFirst()
      return { limits: row?.limits ?? {}, version: row?.version ?? 0 }
    },
    put: write,
    remove: async (tenant, version) => (await write(tenant, undefined, version)) !== undefined,
    async changedSince(seq) {
      const rows = await db
        .selectFrom('query_limits')
        .select(['tenant', 'limits', 'seq'])
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(1000)
        .execute()
      return rows.map((row) => ({ ...row, limits: row.limits ?? undefined }))
    },
  }
}
