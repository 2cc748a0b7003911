import type { Kysely } from 'kysely'
import type { RetentionPolicies, RetentionPolicy } from './catalog.ts'
import type { CatalogTables } from './tables.ts'

export const defaultRetention: RetentionPolicy = {
  metricsDays: 30,
  metrics5mDays: 180,
  metrics1hDays: 730,
  logsDays: 30,
}

export function createRetention(db: Kysely<CatalogTables>): RetentionPolicies {
  return {
    async of(tenant) {
      const row = await db
        .selectFrom('retention')
        .selectAll()
        .where('tenant', '=', tenant)
        .executeTakeFirst()
      if (row === undefined) return defaultRetention
      return {
        metricsDays: row.metrics_days,
        metrics5mDays: row.metrics_5m_days,
        metrics1hDays: row.metrics_1h_days,
        logsDays: row.logs_days,
      }
    },
    async put(tenant, policy) {
      const days = {
        metrics_days: policy.metricsDays,
        metrics_5m_days: policy.metrics5mDays,
        metrics_1h_days: policy.metrics1hDays,
        logs_days: policy.logsDays,
      }
      await db
        .insertInto('retention')
        .values({ tenant, ...days })
        .onConflict((conflict) => conflict.column('tenant').doUpdateSet(days))
        .execute()
    },
  }
}
