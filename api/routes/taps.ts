import {
  createdTapSchema,
  liveTapQuerySchema,
  newTapSchema,
  removedTapSchema,
  type Tap,
  tapListSchema,
} from '@warren/contracts/http/taps'
import { tapQueueName, tapUserName } from '@warren/contracts/taps'
import type { Catalog, StoredTap } from '@warren/stores/catalog/catalog'
import { z } from 'zod'
import { atLeast } from '../auth/principal.ts'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'
import { openEventStream } from '../tail/event-stream.ts'
import { createPlaces, limitStream } from '../tail/stream-limits.ts'
import type { KeptTaps } from '../taps/kept-taps.ts'
import { followTap } from '../taps/live-tap.ts'
import type { TapBroker } from '../taps/tap-broker.ts'

const path = '/api/v1/taps'
const tag = 'Taps'

export interface TapRouteOptions {
  readonly catalog: Pick<Catalog, 'taps'>
  /** Absent where the api knows no broker. */
  readonly taps: (TapBroker & { readonly kept: KeptTaps }) | undefined
  /** Ends every stream. */
  readonly draining: AbortSignal
}

const toTap = (tap: StoredTap): Tap => ({
  name: tap.name,
  tenant: tap.tenant,
  streams: [...tap.streams],
  deployment: tap.deployment ?? null,
  queue: tapQueueName(tap),
  user: tapUserName(tap),
  maxBytes: tap.maxBytes,
  messageTtlSeconds: tap.messageTtlMs / 1000,
  expiresSeconds: tap.expiresMs / 1000,
  createdAt: tap.createdAt.toISOString(),
  usedAt: tap.usedAt?.toISOString() ?? null,
})

function available({ taps }: TapRouteOptions): NonNullable<TapRouteOptions['taps']> {
  if (taps !== undefined) return taps
  throw new Refusal('not_available', 'this api was started without the address of the broker')
}

const create = (options: TapRouteOptions): Route =>
  defineRoute({
    method: 'post',
    path,
    tag,
    summary: "Make a tap: a queue of the tenant's messages and a credential that may only read it",
    roles: atLeast('manager'),
    body: newTapSchema,
    success: { status: 201, schema: createdTapSchema },
    answer: async ({ principal: { tenant }, body }) => {
      const { messageTtlSeconds, expiresSeconds, deployment, ...wish } = body
      const { kept, url } = available(options)
      const { tap, secret, operatorCommands } = await kept.create({
        ...wish,
        tenant,
        deployment,
        messageTtlMs: messageTtlSeconds * 1000,
        expiresMs: expiresSeconds * 1000,
      })
      return { status: 201, json: { ...toTap(tap), url, secret, operatorCommands } }
    },
  })

const list = ({ catalog }: TapRouteOptions): Route =>
  defineRoute({
    method: 'get',
    path,
    tag,
    summary: "List the tenant's taps by name",
    roles: atLeast('manager'),
    success: { status: 200, schema: tapListSchema },
    answer: async ({ principal }) => {
      const taps = await catalog.taps.list(principal.tenant)
      return { status: 200, json: { items: taps.map(toTap), nextCursor: null } }
    },
  })

const remove = (options: TapRouteOptions): Route =>
  defineRoute({
    method: 'delete',
    path: `${path}/:name`,
    tag,
    summary: 'Remove a tap: its consumers end, its credential is void',
    roles: atLeast('manager'),
    success: { status: 200, schema: removedTapSchema },
    answer: async ({ principal, params }) => {
      const { kept } = available(options)
      const operatorCommands = await kept.remove(principal.tenant, params['name'] ?? '')
      if (operatorCommands === undefined)
        throw new Refusal('not_found', 'the tenant has no tap of this name')
      return { status: 200, json: { operatorCommands } }
    },
  })

const places = { what: 'live taps', max: 50, maxPerTenant: 10 }

const live = (options: TapRouteOptions): Route => {
  const takePlace = createPlaces(places)
  return defineRoute({
    method: 'get',
    path: `${path}/live`,
    tag,
    summary: "The tenant's messages as they pass (server-sent events); storage is not disturbed",
    roles: atLeast('viewer'),
    query: liveTapQuerySchema,
    success: { status: 200, schema: z.string(), mediaType: 'text/event-stream' },
    answer: async ({ principal, query, request, response }) => {
      const { broker } = available(options)
      const { stream: tapped, deployment } = query
      const { tenant } = principal
      // Whoever asks for the headers alone would wait for an end.
      if (request.method === 'HEAD') return { status: 200 }
      const leave = takePlace(tenant)
      try {
        const stream = openEventStream(response)
        limitStream(stream, principal, options.draining)
        await followTap({ broker, tenant, stream: tapped, deployment }, stream)
      } finally {
        leave()
      }
      return undefined
    },
  })
}

export const tapRoutes = (options: TapRouteOptions): readonly Route[] => [
  create(options),
  list(options),
  live(options),
  remove(options),
]
