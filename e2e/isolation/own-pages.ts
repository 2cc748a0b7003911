import { insightGroups, insightsSchema } from '@warren/contracts/http/query-insights'
import { reader, stranger } from './data.ts'
import type { Question } from './question.ts'

export const insightsPath = '/api/v1/query-insights'

const paths = [
  ...insightGroups.map((group) => `${insightsPath}?window=24h&limit=500&by=${group}`),
  ...[reader, stranger, 'nobody', '*'].flatMap((tenant) => [
    `${insightsPath}?tenant=${encodeURIComponent(tenant)}`,
    `/api/v1/limits/tenants/${encodeURIComponent(tenant)}`,
  ]),
  `${insightsPath}/requests/none`,
]

/** What the api tells of queries and limits: the tenant's own, and what it says of others. */
export const ownPages: readonly Question[] = paths.map((path) => ({ method: 'GET', path }))

const tenantsOf = (queries: readonly { readonly tenant: string }[]): readonly string[] =>
  [...new Set(queries.map(({ tenant }) => tenant))].sort()

/** Whose queries are told of, and by which names; their number, cost and time differ between any two runs, since lanes race. */
export function withoutFigures(body: string): string {
  const parsed = insightsSchema.safeParse(JSON.parse(body))
  if (!parsed.success) return body.replace(/"requestId":"[^"]*"/, '"requestId":""')
  const { items, slowest, failed, stores } = parsed.data
  const names = items.map(({ tenant, name, panel, isRest }) =>
    JSON.stringify([tenant, name, panel, isRest]),
  )
  return JSON.stringify({
    names: names.sort(),
    slowest: tenantsOf(slowest),
    failed: tenantsOf(failed),
    stores,
  })
}
