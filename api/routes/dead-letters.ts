import {
  deadLetterListSchema,
  deadLetterPurgeQuerySchema,
  deadLetterQuerySchema,
  deadLettersDeletedSchema,
} from '@warren/contracts/http/dead-letters'
import type { Catalog, DeadLetterFilter } from '@warren/stores/catalog/catalog'
import { z } from 'zod'
import { atLeast, type Principal } from '../auth/principal.ts'
import { linkNext } from '../http/link-next.ts'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'

const path = '/api/v1/dead-letters'
const tag = 'Dead letters'

interface Wished {
  readonly stream?: DeadLetterFilter['stream'] | undefined
  readonly code?: DeadLetterFilter['code'] | undefined
  readonly tenant?: string | undefined
}

/** Only an admin reaches another tenant's, and those that belong to none. */
function tenantOf(principal: Principal, wished: string | undefined): string {
  const tenant = wished ?? principal.tenant
  if (tenant !== principal.tenant && principal.role !== 'admin')
    throw new Refusal('forbidden', `${principal.name} belongs to the tenant ${principal.tenant}`)
  return tenant
}

const filterOf = (principal: Principal, { stream, code, tenant }: Wished): DeadLetterFilter => ({
  tenant: tenantOf(principal, tenant),
  ...(stream === undefined ? {} : { stream }),
  ...(code === undefined ? {} : { code }),
})

const list = (catalog: Catalog): Route =>
  defineRoute({
    method: 'get',
    path,
    tag,
    summary: 'Items that could not be stored, with the reason, newest first',
    roles: atLeast('operator'),
    query: deadLetterQuerySchema,
    success: { status: 200, schema: deadLetterListSchema },
    answer: async ({ principal, query, response }) => {
      const { limit, cursor } = query
      const filter = filterOf(principal, query)
      const [page, total] = await Promise.all([
        catalog.deadLetters.list(filter, { limit, cursor }),
        catalog.deadLetters.count(filter.tenant),
      ])
      linkNext(response, page.nextCursor)
      return { status: 200, json: { ...page, total } }
    },
  })

const remove = (catalog: Catalog): Route =>
  defineRoute({
    method: 'delete',
    path: `${path}/:id`,
    tag,
    summary: 'Delete one item for good',
    roles: atLeast('manager'),
    query: z.strictObject({ tenant: deadLetterPurgeQuerySchema.shape.tenant }),
    success: { status: 204 },
    answer: async ({ principal, params, query }) => {
      const tenant = tenantOf(principal, query.tenant)
      if (!(await catalog.deadLetters.remove(tenant, params['id'] ?? '')))
        throw new Refusal('not_found', 'the tenant has no dead letter with this id')
      return { status: 204 }
    },
  })

const purge = (catalog: Catalog): Route =>
  defineRoute({
    method: 'delete',
    path,
    tag,
    summary: 'Delete every item of the filter for good',
    roles: atLeast('manager'),
    query: deadLetterPurgeQuerySchema,
    success: { status: 200, schema: deadLettersDeletedSchema },
    answer: async ({ principal, query }) => {
      const deleted = await catalog.deadLetters.purge(filterOf(principal, query))
      return { status: 200, json: { deleted } }
    },
  })

export const deadLetterRoutes = (catalog: Catalog): readonly Route[] => [
  list(catalog),
  remove(catalog),
  purge(catalog),
]
