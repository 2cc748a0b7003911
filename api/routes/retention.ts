import {
  newRetentionSchema,
  retentionQuerySchema,
  retentionSchema,
} from '@warren/contracts/http/retention'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { allowedTenant } from '../auth/allowed-tenant.ts'
import { atLeast } from '../auth/principal.ts'
import { defineRoute, type Route } from '../http/route.ts'

const path = '/api/v1/retention'
const tag = 'Retention'

type RetentionCatalog = Pick<Catalog, 'retention' | 'tenants'>

const show = (catalog: RetentionCatalog): Route =>
  defineRoute({
    method: 'get',
    path,
    tag,
    summary: 'How long the tenant keeps metrics, their rollups and logs',
    roles: atLeast('viewer'),
    query: retentionQuerySchema,
    success: { status: 200, schema: retentionSchema },
    answer: async ({ principal, query }) => {
      const tenant = await allowedTenant(catalog, principal, query.tenant)
      return { status: 200, json: { tenant, ...(await catalog.retention.of(tenant)) } }
    },
  })

const set = (catalog: RetentionCatalog): Route =>
  defineRoute({
    method: 'put',
    path,
    tag,
    summary:
      'Set how long the tenant keeps metrics, their rollups and logs; what is older goes within minutes',
    roles: atLeast('manager'),
    query: retentionQuerySchema,
    body: newRetentionSchema,
    success: { status: 200, schema: retentionSchema },
    answer: async ({ principal, query, body }) => {
      const tenant = await allowedTenant(catalog, principal, query.tenant)
      const present = await catalog.retention.of(tenant)
      const policy = {
        ...body,
        metrics5mDays: body.metrics5mDays ?? present.metrics5mDays,
        metrics1hDays: body.metrics1hDays ?? present.metrics1hDays,
      }
      await catalog.retention.put(tenant, policy)
      return { status: 200, json: { tenant, ...policy } }
    },
  })

export const retentionRoutes = (catalog: RetentionCatalog): readonly Route[] => [
  show(catalog),
  set(catalog),
]
