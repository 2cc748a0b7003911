import { queryOptions } from '@tanstack/react-query'
import {
  type InsightGroup,
  type InsightOrder,
  type InsightWindow,
  insightsSchema,
  requestInsightsSchema,
} from '@warren/contracts/http/query-insights'
import { ApiError, read } from '../http/client.ts'

const path = 'api/v1/query-insights'

export interface InsightsWish {
  readonly window: InsightWindow
  readonly by: InsightGroup
  readonly order: InsightOrder
  /** Of all tenants, for admins. */
  readonly isAll: boolean
}

const tenantOf = (isAll: boolean): Readonly<Record<string, string>> =>
  isAll ? { tenant: '*' } : {}

export const insightsQuery = ({ window, by, order, isAll }: InsightsWish) =>
  queryOptions({
    queryKey: ['query insights', window, by, order, isAll],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ window, by, order, ...tenantOf(isAll) })
      return read(insightsSchema, `${path}?${query}`, { signal })
    },
    refetchInterval: 15_000,
  })

/** The queries of one request; none when this api keeps none. */
export const requestQuery = (id: string, isAll: boolean) =>
  queryOptions({
    queryKey: ['query insights', 'request', id, isAll],
    queryFn: async ({ signal }) => {
      const url = `${path}/requests/${encodeURIComponent(id)}?${new URLSearchParams(tenantOf(isAll))}`
      try {
        return (await read(requestInsightsSchema, url, { signal })).items
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return []
        throw error
      }
    },
    retry: false,
  })
