import {
  metricMetadataListSchema,
  metricMetadataQuerySchema,
} from '@warren/contracts/http/metric-metadata'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { atLeast } from '../auth/principal.ts'
import { linkNext } from '../http/link-next.ts'
import { defineRoute, type Route } from '../http/route.ts'

export const metricMetadataRoute = (catalog: Pick<Catalog, 'metricMetadata'>): Route =>
  defineRoute({
    method: 'get',
    path: '/api/v1/metric-metadata',
    tag: 'Metrics',
    summary: 'What fields of measurements mean: unit, kind and what is measured',
    roles: atLeast('viewer'),
    query: metricMetadataQuerySchema,
    success: { status: 200, schema: metricMetadataListSchema },
    answer: async ({ principal: { tenant }, query, response }) => {
      const { limit, cursor, measurement } = query
      const page = await catalog.metricMetadata.list({ tenant, measurement }, { limit, cursor })
      linkNext(response, page.nextCursor)
      return { status: 200, json: page }
    },
  })
