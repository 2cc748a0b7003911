import type { Kysely } from 'kysely'
import type { SeenSeries } from './catalog.ts'
import type { CatalogTables } from './tables.ts'

const rowsAtOnce = 50

export function createSeenSeries(db: Kysely<CatalogTables>): SeenSeries {
  return {
    async append(tenant, { day, hashes }) {
      await db.insertInto('seen_series').values({ tenant, day, hashes }).execute()
    },
    read: (tenant, { day, after }) =>
      db
        .selectFrom('seen_series')
        .select(['seq', 'day', 'hashes'])
        .where('tenant', '=', tenant)
        .where('day', '>=', day)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(rowsAtOnce)
        .execute(),
    async forget(beforeDay) {
      await db.deleteFrom('seen_series').where('day', '<', beforeDay).execute()
    },
  }
}
