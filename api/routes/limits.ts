import { limitsSchema, type NewLimits, newLimitsSchema } from '@warren/contracts/http/limits'
import { tenantSchema } from '@warren/contracts/names'
import { reasonOf } from '@warren/platform/errors'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { defaultLimitsOwner } from '@warren/stores/catalog/query-limits'
import { allowedTenant } from '../auth/allowed-tenant.ts'
import { atLeast, type Principal } from '../auth/principal.ts'
import { checkPattern } from '../gateway/limits/block-list.ts'
import { mergeLimits } from '../gateway/limits/effective-limits.ts'
import type { LiveLimits } from '../gateway/limits/live-limits.ts'
import { ifMatchOf, setEtag } from '../http/etag.ts'
import { Refusal } from '../http/refusal.ts'
import { type Answer, type Call, defineRoute, type Route } from '../http/route.ts'

const tag = 'Limits'
/** A document holds fifty rules at most. */
const maxBodyBytes = 256 * 1024

export interface LimitRouteOptions {
  readonly catalog: Pick<Catalog, 'queryLimits' | 'tenants'>
  readonly limits: Pick<LiveLimits, 'refresh'>
}

/** Whose limits a path means; throws a `Refusal` for a tenant that the caller may not see. */
type OwnerOf = (principal: Principal, params: Readonly<Record<string, string>>) => Promise<string>

interface Place extends LimitRouteOptions {
  readonly path: string
  readonly whose: string
  readonly ownerOf: OwnerOf
}

const changed = (): Refusal =>
  new Refusal('changed', 'the limits have changed meanwhile: read them again')

async function tell(
  { catalog }: Place,
  owner: string,
  { response }: Pick<Call<0, 0, 0>, 'response'>,
): Promise<Answer> {
  const { queryLimits } = catalog
  const [{ limits: own, version }, { limits: defaults }] = await Promise.all([
    queryLimits.of(owner),
    queryLimits.of(defaultLimitsOwner),
  ])
  setEtag(response, version)
  const isDefault = owner === defaultLimitsOwner
  const effective = isDefault ? mergeLimits(own, {}) : mergeLimits(defaults, own)
  return {
    status: 200,
    json: { ...(isDefault ? {} : { tenant: owner }), own, effective },
  }
}

/** A rule that cannot be compiled would block nothing. */
function checkRules({ blocked = [] }: NewLimits): void {
  for (const [index, { pattern }] of blocked.entries())
    try {
      if (pattern !== undefined) checkPattern(pattern)
    } catch (error) {
      const pointer = `/blocked/${index}/pattern`
      const detail = `is not RE2: ${reasonOf(error)}`
      throw new Refusal('invalid', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] })
    }
}

const show = (place: Place): Route =>
  defineRoute({
    ...{ method: 'get', path: place.path, tag },
    summary: `How much may be asked of the stores: ${place.whose}`,
    roles: atLeast('manager'),
    success: { status: 200, schema: limitsSchema },
    answer: async (call) => tell(place, await place.ownerOf(call.principal, call.params), call),
  })

const set = (place: Place): Route =>
  defineRoute({
    ...{ method: 'put', path: place.path, tag, maxBodyBytes },
    summary: `Set how much may be asked of the stores, with \`If-Match\`: ${place.whose}; every instance knows within 5 s`,
    roles: ['admin'],
    body: newLimitsSchema,
    success: { status: 200, schema: limitsSchema },
    answer: async (call) => {
      const owner = await place.ownerOf(call.principal, call.params)
      checkRules(call.body)
      const version = ifMatchOf(call.request)
      if ((await place.catalog.queryLimits.put(owner, call.body, version)) === undefined)
        throw changed()
      await place.limits.refresh()
      return tell(place, owner, call)
    },
  })

const unset = (place: Place): Route =>
  defineRoute({
    ...{ method: 'delete', path: place.path, tag },
    summary: `Take back what was set, with \`If-Match\`: ${place.whose}`,
    roles: ['admin'],
    success: { status: 204 },
    answer: async ({ principal, params, request }) => {
      const owner = await place.ownerOf(principal, params)
      if (!(await place.catalog.queryLimits.remove(owner, ifMatchOf(request)))) throw changed()
      await place.limits.refresh()
      return { status: 204 }
    },
  })

export function limitRoutes(options: LimitRouteOptions): readonly Route[] {
  const ofTenant: Place = {
    ...options,
    path: '/api/v1/limits/tenants/:tenant',
    whose: 'of one tenant',
    ownerOf: async (principal, { tenant }) => {
      const name = tenantSchema.safeParse(tenant)
      if (!name.success) throw new Refusal('not_found', 'there is no such tenant')
      return allowedTenant(options.catalog, principal, name.data)
    },
  }
  const ofAll: Place = {
    ...options,
    path: '/api/v1/limits/defaults',
    whose: 'of every tenant that has none of its own',
    ownerOf: async () => defaultLimitsOwner,
  }
  return [ofAll, ofTenant].flatMap((place) => [show(place), set(place), unset(place)])
}
