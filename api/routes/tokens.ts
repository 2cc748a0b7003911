import { randomUUID } from 'node:crypto'
import type { Role } from '@warren/contracts/http/sessions'
import {
  type CreatedToken,
  createdTokenSchema,
  newTokenSchema,
  type Token,
  tokenListSchema,
  tokenQuerySchema,
} from '@warren/contracts/http/tokens'
import type { Catalog, StoredToken } from '@warren/stores/catalog/catalog'
import { allowedTenant } from '../auth/allowed-tenant.ts'
import type { Identities } from '../auth/identities.ts'
import { atLeast, mayGrant } from '../auth/principal.ts'
import { hashOf, newSecret, tokenPrefix } from '../auth/secrets.ts'
import { linkNext } from '../http/link-next.ts'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'

const path = '/api/v1/tokens'
const tag = 'Tokens'
const dayMs = 86_400_000

const toToken = (token: StoredToken): Token => ({
  id: token.id,
  name: token.name,
  role: token.role,
  tenant: token.tenant,
  isAlerting: token.isAlerting,
  ...(token.deployments === undefined ? {} : { deployments: [...token.deployments] }),
  createdAt: token.createdAt.toISOString(),
  expiresAt: token.expiresAt.toISOString(),
  lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
})

export interface TokenWish {
  readonly name: string
  readonly role: Role
  readonly tenant: string
  /** False when absent. */
  readonly isAlerting?: boolean
  /** All of the tenant's when absent. */
  readonly deployments?: readonly string[] | undefined
  readonly expiresInDays: number
}

/** Makes a token; its secret is in the result and nowhere else. */
export async function createToken(catalog: Catalog, wish: TokenWish): Promise<CreatedToken> {
  const secret = `${tokenPrefix}${newSecret()}`
  const createdAt = new Date()
  const { expiresInDays, ...rest } = wish
  const token: StoredToken = {
    isAlerting: false,
    deployments: undefined,
    ...rest,
    id: randomUUID(),
    secretHash: hashOf(secret),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + expiresInDays * dayMs),
    lastUsedAt: null,
  }
  await catalog.tokens.create(token)
  return { ...toToken(token), secret }
}

const create = (catalog: Catalog): Route =>
  defineRoute({
    method: 'post',
    path,
    tag,
    summary: 'Make a token; its secret is shown this once',
    roles: atLeast('manager'),
    body: newTokenSchema,
    success: { status: 201, schema: createdTokenSchema },
    answer: async ({ principal, body }) => {
      if (!mayGrant(principal.role, body.role))
        throw new Refusal('forbidden', `${principal.role} may not make a token for ${body.role}`)
      const tenant = await allowedTenant(catalog, principal, body.tenant)
      return { status: 201, json: await createToken(catalog, { ...body, tenant }) }
    },
  })

const list = (catalog: Catalog): Route =>
  defineRoute({
    method: 'get',
    path,
    tag,
    summary: "List the tenant's tokens, newest first",
    roles: atLeast('manager'),
    query: tokenQuerySchema,
    success: { status: 200, schema: tokenListSchema },
    answer: async ({ principal, query, response }) => {
      const tenant = await allowedTenant(catalog, principal, query.tenant)
      const page = await catalog.tokens.list(tenant, {
        limit: query.limit,
        cursor: query.cursor,
      })
      linkNext(response, page.nextCursor)
      return { status: 200, json: { ...page, items: page.items.map(toToken) } }
    },
  })

const remove = ({ catalog, identities }: TokenRouteOptions): Route =>
  defineRoute({
    method: 'delete',
    path: `${path}/:id`,
    tag,
    summary: 'Revoke a token',
    roles: atLeast('manager'),
    query: tokenQuerySchema.pick({ tenant: true }),
    success: { status: 204 },
    answer: async ({ principal, params, query }) => {
      const tenant = await allowedTenant(catalog, principal, query.tenant)
      if (!(await catalog.tokens.remove(tenant, params['id'] ?? '')))
        throw new Refusal('not_found', 'the tenant has no token with this id')
      identities.distrust()
      return { status: 204 }
    },
  })

interface TokenRouteOptions {
  readonly catalog: Catalog
  readonly identities: Pick<Identities, 'distrust'>
}

export const tokenRoutes = (options: TokenRouteOptions): readonly Route[] => [
  create(options.catalog),
  list(options.catalog),
  remove(options),
]
