import { newTenantSchema, tenantBodySchema, tenantListSchema } from '@warren/contracts/http/tenants'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'

const path = '/api/v1/tenants'
const tag = 'Tenants'

const list = ({ tenants }: Pick<Catalog, 'tenants'>): Route =>
  defineRoute({
    method: 'get',
    path,
    tag,
    summary: 'List the tenants, by name',
    roles: ['admin'],
    success: { status: 200, schema: tenantListSchema },
    answer: async () => {
      const names = await tenants.list()
      return { status: 200, json: { items: names.map((name) => ({ name })) } }
    },
  })

const create = ({ tenants }: Pick<Catalog, 'tenants'>): Route =>
  defineRoute({
    method: 'post',
    path,
    tag,
    summary: 'Make a tenant; its stores are made with its first data',
    roles: ['admin'],
    body: newTenantSchema,
    success: { status: 201, schema: tenantBodySchema },
    answer: async ({ body: { name } }) => {
      if (await tenants.has(name))
        throw new Refusal('conflict', `there is a tenant ${name} already`)
      await tenants.ensure(name)
      return { status: 201, json: { name } }
    },
  })

export const tenantRoutes = (catalog: Pick<Catalog, 'tenants'>): readonly Route[] => [
  list(catalog),
  create(catalog),
]
