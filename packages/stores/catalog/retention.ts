import type { Kysely } from 'kysely'
import type { RetentionPolicies, RetentionPolicy } from './catalog.ts'
import type { CatalogTables } from './tables.ts'

export const defaultRetention: RetentionPolicy = { metricsDays: 30, logsDays: 30 }

export function createRetention(db: Kysely<CatalogTables>): RetentionPolicies {
  return {
    async of(tenant) {
      const row = await db
        .selectFrom('retention')
        .selectAll()
        .where('tenant', '=', tenant)
        .executeTakeFirst()
      if (row === undefined) return defaultRetention
      return { metricsDays: row.metrics_days, logsDays: row.logs_days }
    },
    async put(tenant, { metricsDays, logsDays }) {
      const days = { metrics_days: metricsDays, logs_days: logsDays }
      await db
        .insertInto('retention')
        .values({ tenant, ...days })
        .onConflict((conflict) => conflict.column('tenant').doUpdateSet(days))
        .execute()
    },
  }
}
