import {
  everyTenant,
  insightsQuerySchema,
  insightsSchema,
  requestInsightsQuerySchema,
  requestInsightsSchema,
  type StoreTurns,
} from '@warren/contracts/http/query-insights'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { allowedTenant } from '../auth/allowed-tenant.ts'
import { atLeast, type Principal } from '../auth/principal.ts'
import type { QueryInsights } from '../gateway/insights/query-insights.ts'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'

const tag = 'Queries'
const path = '/api/v1/query-insights'

export interface QueryInsightRouteOptions {
  readonly catalog: Pick<Catalog, 'tenants'>
  readonly insights: QueryInsights
  /** How the stores are asked just now. */
  readonly storeTurns: () => readonly StoreTurns[]
}

export function queryInsightRoutes(options: QueryInsightRouteOptions): readonly Route[] {
  const { catalog, insights, storeTurns } = options

  /** Undefined: of all, for an admin who says so. */
  async function tenantOf(
    principal: Principal,
    wished: string | undefined,
  ): Promise<string | undefined> {
    if (wished !== everyTenant) return allowedTenant(catalog, principal, wished)
    if (principal.role === 'admin') return undefined
    throw new Refusal('forbidden', `${principal.name} belongs to the tenant ${principal.tenant}`)
  }

  return [
    defineRoute({
      ...{ method: 'get', path, tag },
      summary:
        'What queries cost and how they ended, by dashboard, panel, user, token or tenant: those that this instance has answered',
      roles: atLeast('viewer'),
      query: insightsQuerySchema,
      success: { status: 200, schema: insightsSchema },
      answer: async ({ principal, query }) => {
        const tenant = await tenantOf(principal, query.tenant)
        // They are of all tenants.
        const stores = principal.role === 'admin' ? [...storeTurns()] : []
        return { status: 200, json: { ...insights.tell({ ...query, tenant }), stores } }
      },
    }),
    defineRoute({
      ...{ method: 'get', path: `${path}/requests/:id`, tag },
      summary:
        'The queries of one request, by the id in its answer; those that the cache had are not kept',
      roles: atLeast('viewer'),
      query: requestInsightsQuerySchema,
      success: { status: 200, schema: requestInsightsSchema },
      answer: async ({ principal, query, params }) => {
        const items = insights.find(String(params['id']), await tenantOf(principal, query.tenant))
        if (items.length === 0)
          throw new Refusal('not_found', 'this instance keeps no query of such a request')
        return { status: 200, json: { instance: insights.instance, items } }
      },
    }),
  ]
}
