import { senderUserName } from '@warren/broker/users'
import {
  type BrokerSender,
  senderListSchema,
  senderQuerySchema,
} from '@warren/contracts/http/senders'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { allowedTenant } from '../auth/allowed-tenant.ts'
import { atLeast } from '../auth/principal.ts'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'

/** Users that senders outside have at a broker that Warren itself runs. */
export interface SenderUsers {
  /** Those of all tenants. */
  names(): readonly string[]
  /** Closes its connections. One that is absent is fine. */
  remove(name: string): Promise<void>
}

export interface BrokerSenderOptions {
  readonly catalog: Pick<Catalog, 'tenants'>
  /** Absent behind an address: AMQP cannot remove users. */
  readonly senderUsers?: SenderUsers | undefined
}

const path = '/api/v1/senders'
const tag = 'Senders'

function requireUsers({ senderUsers }: BrokerSenderOptions): SenderUsers {
  if (senderUsers === undefined)
    throw new Refusal(
      'not_available',
      'this api cannot see users of the broker: it was given an AMQP address and no management of that broker; list and delete them there',
    )
  return senderUsers
}

const kinds = ['amqp', 'cloudify'] as const

/** Undefined: it is another tenant's. */
const kindOf = (user: string, tenant: string): BrokerSender['kind'] | undefined =>
  kinds.find((kind) => user.startsWith(senderUserName[kind](tenant, '')))

/** By name. */
function sendersOf(tenant: string, options: BrokerSenderOptions): BrokerSender[] {
  return requireUsers(options)
    .names()
    .flatMap((user) => {
      const kind = kindOf(user, tenant)
      return kind === undefined ? [] : [{ user, kind, tenant }]
    })
    .sort((one, other) => (one.user < other.user ? -1 : 1))
}

const list = (options: BrokerSenderOptions): Route =>
  defineRoute({
    method: 'get',
    path,
    tag,
    summary: "List the broker users of the tenant's senders; those that send by HTTP have tokens",
    roles: atLeast('manager'),
    query: senderQuerySchema,
    success: { status: 200, schema: senderListSchema },
    answer: async ({ principal, query }) => {
      const tenant = await allowedTenant(options.catalog, principal, query.tenant)
      return { status: 200, json: { items: sendersOf(tenant, options) } }
    },
  })

const remove = (options: BrokerSenderOptions): Route =>
  defineRoute({
    method: 'delete',
    path: `${path}/:user`,
    tag,
    summary: 'Revoke the broker user of a sender, and close its connections',
    roles: atLeast('manager'),
    query: senderQuerySchema,
    success: { status: 204 },
    answer: async ({ principal, params, query }) => {
      const tenant = await allowedTenant(options.catalog, principal, query.tenant)
      const name = params['user'] ?? ''
      if (!sendersOf(tenant, options).some(({ user }) => user === name))
        throw new Refusal('not_found', 'no sender of the tenant has this broker user')
      await requireUsers(options).remove(name)
      return { status: 204 }
    },
  })

/** To find and end what `POST /api/v1/senders` and `POST /api/v1/cloudify/senders` made at the broker. */
export const brokerSenderRoutes = (options: BrokerSenderOptions): readonly Route[] => [
  list(options),
  remove(options),
]
