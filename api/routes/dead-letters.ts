import {
  deadLetterListSchema,
  deadLetterPurgeQuerySchema,
  deadLetterQuerySchema,
  deadLettersDeletedSchema,
  oneLetterQuerySchema,
  storedLetterSchema,
} from '@warren/contracts/http/dead-letters'
import { atLeast } from '../auth/principal.ts'
import { type DeadLetterRouteOptions, findLetter } from '../dead-letters/find-letter.ts'
import { letterFilterOf, oneTenantOf } from '../dead-letters/letter-filter.ts'
import { setEtag } from '../http/etag.ts'
import { linkNext } from '../http/link-next.ts'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'
import { editLetterRoute } from './edit-letter.ts'

const path = '/api/v1/dead-letters'
const tag = 'Dead letters'

const list = ({ catalog }: DeadLetterRouteOptions): Route =>
  defineRoute({
    method: 'get',
    path,
    tag,
    summary: 'Items that could not be stored, with the reason, newest first',
    roles: atLeast('operator'),
    query: deadLetterQuerySchema,
    success: { status: 200, schema: deadLetterListSchema },
    answer: async ({ principal, query, response }) => {
      const { limit, cursor, ...wish } = query
      const filter = letterFilterOf(principal, wish)
      const [page, total, matching] = await Promise.all([
        catalog.deadLetters.list(filter, { limit, cursor }),
        catalog.deadLetters.count(filter.tenant),
        catalog.deadLetters.matching(filter),
      ])
      linkNext(response, page.nextCursor)
      return { status: 200, json: { ...page, total, matching } }
    },
  })

const show = ({ catalog }: DeadLetterRouteOptions): Route =>
  defineRoute({
    method: 'get',
    path: `${path}/:id`,
    tag,
    summary: 'One item, whole',
    roles: atLeast('operator'),
    query: oneLetterQuerySchema,
    success: { status: 200, schema: storedLetterSchema },
    answer: async ({ principal, params, query, response }) => {
      const tenant = oneTenantOf(principal, query.tenant)
      const letter = await findLetter(catalog, tenant, params['id'] ?? '')
      setEtag(response, letter.version)
      return { status: 200, json: letter }
    },
  })

const remove = ({ catalog, log }: DeadLetterRouteOptions): Route =>
  defineRoute({
    method: 'delete',
    path: `${path}/:id`,
    tag,
    summary: 'Delete one item for good',
    roles: atLeast('manager'),
    query: oneLetterQuerySchema,
    success: { status: 204 },
    answer: async ({ principal, params, query }) => {
      const tenant = oneTenantOf(principal, query.tenant)
      const id = params['id'] ?? ''
      if (!(await catalog.deadLetters.remove(tenant, id)))
        throw new Refusal('not_found', 'the tenant has no dead letter with this id')
      log.info('a dead letter was deleted', { tenant, letter: id, by: principal.name })
      return { status: 204 }
    },
  })

const purge = ({ catalog, log }: DeadLetterRouteOptions): Route =>
  defineRoute({
    method: 'delete',
    path,
    tag,
    summary: 'Delete every item of the filter for good',
    roles: atLeast('manager'),
    query: deadLetterPurgeQuerySchema,
    success: { status: 200, schema: deadLettersDeletedSchema },
    answer: async ({ principal, query }) => {
      const filter = letterFilterOf(principal, query)
      const deleted = await catalog.deadLetters.purge(filter)
      log.info('dead letters were deleted', { filter, deleted, by: principal.name })
      return { status: 200, json: { deleted } }
    },
  })

export const deadLetterRoutes = (options: DeadLetterRouteOptions): readonly Route[] => [
  list(options),
  show(options),
  editLetterRoute(options),
  remove(options),
  purge(options),
]
