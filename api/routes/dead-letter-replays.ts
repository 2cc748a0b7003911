import {
  newReplaySchema,
  oneLetterQuerySchema,
  replayListSchema,
  replaySchema,
} from '@warren/contracts/http/dead-letters'
import type { Log } from '@warren/platform/log'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { atLeast } from '../auth/principal.ts'
import { letterFilterOf, letterTenantOf } from '../dead-letters/letter-filter.ts'
import type { ReplayRunner } from '../dead-letters/run-replays.ts'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'

const path = '/api/v1/dead-letter-replays'
const tag = 'Dead letters'

export interface ReplayRouteOptions {
  readonly catalog: Pick<Catalog, 'deadLetterReplays'>
  /** Absent where the api knows no broker. */
  readonly replays?: ReplayRunner | undefined
  readonly log: Log
}

const absent = (): Refusal => new Refusal('not_found', 'the tenant has no replay with this id')

const create = ({ catalog, replays, log }: ReplayRouteOptions): Route =>
  defineRoute({
    method: 'post',
    path,
    tag,
    summary: 'Send the items of a filter again, to where they came from, at a bounded rate',
    roles: atLeast('manager'),
    body: newReplaySchema,
    success: { status: 202, schema: replaySchema },
    answer: async ({ principal, body, response }) => {
      if (replays === undefined)
        throw new Refusal('not_available', 'this api was started without the address of the broker')
      const { ids, perSecond, ...wish } = body
      const filter = { ...letterFilterOf(principal, wish), ids }
      const requestedBy = principal.name
      const replay = await catalog.deadLetterReplays.create({ filter, perSecond, requestedBy })
      if (replay === 'full')
        throw new Refusal('too_many_requests', 'as many replays wait as may', { retryAfterS: 10 })
      log.info('a replay of dead letters was asked for', { ...replay, filter })
      replays.look()
      response.set('Location', `dead-letter-replays/${replay.id}`)
      return { status: 202, json: replay }
    },
  })

const list = ({ catalog }: ReplayRouteOptions): Route =>
  defineRoute({
    method: 'get',
    path,
    tag,
    summary: 'Replays that run, and the last that ended, newest first',
    roles: atLeast('operator'),
    query: oneLetterQuerySchema,
    success: { status: 200, schema: replayListSchema },
    answer: async ({ principal, query }) => {
      const tenant = letterTenantOf(principal, query.tenant)
      const items = await catalog.deadLetterReplays.list(tenant)
      return { status: 200, json: { items, nextCursor: null } }
    },
  })

const show = ({ catalog }: ReplayRouteOptions): Route =>
  defineRoute({
    method: 'get',
    path: `${path}/:id`,
    tag,
    summary: 'How far a replay is',
    roles: atLeast('operator'),
    query: oneLetterQuerySchema,
    success: { status: 200, schema: replaySchema },
    answer: async ({ principal, params, query }) => {
      const tenant = letterTenantOf(principal, query.tenant)
      const replay = await catalog.deadLetterReplays.find(tenant, params['id'] ?? '')
      if (replay === undefined) throw absent()
      return { status: 200, json: replay }
    },
  })

const cancel = ({ catalog, log }: ReplayRouteOptions): Route =>
  defineRoute({
    method: 'delete',
    path: `${path}/:id`,
    tag,
    summary: 'Stop a replay: what was not sent yet stays',
    roles: atLeast('manager'),
    query: oneLetterQuerySchema,
    success: { status: 204 },
    answer: async ({ principal, params, query }) => {
      const id = params['id'] ?? ''
      const tenant = letterTenantOf(principal, query.tenant)
      if (!(await catalog.deadLetterReplays.cancel(tenant, id)))
        throw new Refusal('not_found', 'the tenant has no replay with this id that runs')
      log.info('a replay of dead letters was stopped', { replay: id, by: principal.name })
      return { status: 204 }
    },
  })

export const replayRoutes = (options: ReplayRouteOptions): readonly Route[] => [
  create(options),
  list(options),
  show(options),
  cancel(options),
]
