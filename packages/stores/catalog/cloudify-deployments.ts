import { anyDeployment } from '@warren/contracts/cloudify'
import type { Kysely } from 'kysely'
import type { CloudifyDeployments } from './catalog.ts'
import type { CatalogTables } from './tables.ts'

export function createCloudifyDeployments(db: Kysely<CatalogTables>): CloudifyDeployments {
  return {
    async add(tenant, deployments) {
      await db
        .insertInto('cloudify_deployments')
        .values(deployments.map((deployment) => ({ tenant, deployment })))
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    async has(tenant, deployment) {
      const row = await db
        .selectFrom('cloudify_deployments')
        .select('tenant')
        .where('tenant', '=', tenant)
        .where('deployment', 'in', [deployment, anyDeployment])
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
    async tenants() {
      const rows = await db
        .selectFrom('cloudify_deployments')
        .select('tenant')
        .distinct()
        .orderBy('tenant')
        .execute()
      return rows.map(({ tenant }) => tenant)
    },
  }
}
