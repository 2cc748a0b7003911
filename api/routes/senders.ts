import {
  type CreatedSender,
  createdSenderSchema,
  newSenderSchema,
} from '@warren/contracts/http/senders'
import type { Catalog } from '@warren/stores/catalog/catalog'
import type { Request } from 'express'
import { atLeast } from '../auth/principal.ts'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'
import { createToken } from './tokens.ts'

/** Makes a broker user that may write keys `<tenant>.*` of the metrics and logs exchanges and nothing else. */
export type CreateAmqpUser = (wish: {
  readonly tenant: string
  readonly name: string
}) => Promise<{ readonly url: string; readonly user: string; readonly secret: string }>

export interface SenderRouteOptions {
  readonly catalog: Catalog
  /** Where clients reach this api, base path included; undefined: as the request reached it. */
  readonly publicUrl: string | undefined
  readonly basePath: string
  /** Where senders reach the collector; undefined: below this api. */
  readonly collectUrl?: string | undefined
  /** Absent where no broker user can be made. */
  readonly createAmqpUser?: CreateAmqpUser | undefined
}

const validDays = 3650

export function sendersRoute(options: SenderRouteOptions): Route {
  const { catalog, publicUrl, basePath, collectUrl, createAmqpUser } = options
  const baseOf = (request: Request): string =>
    publicUrl ?? `${request.protocol}://${request.host}${basePath}`

  async function viaAmqp(name: string, tenant: string): Promise<CreatedSender> {
    if (createAmqpUser === undefined)
      throw new Refusal(
        'not_available',
        'this api cannot make broker users: it was given an AMQP address and no management of that broker; make the user there, or use kind http',
      )
    return { name, kind: 'amqp', tenant, ...(await createAmqpUser({ tenant, name })) }
  }

  async function viaHttp(name: string, tenant: string, request: Request): Promise<CreatedSender> {
    const wish = {
      name: `sender ${name}`,
      role: 'writer',
      tenant,
      expiresInDays: validDays,
    } as const
    const { secret } = await createToken(catalog, wish)
    const url = collectUrl ?? `${baseOf(request)}/collect`
    return { name, kind: 'http', tenant, url, user: name, secret }
  }

  return defineRoute({
    method: 'post',
    path: '/api/v1/senders',
    tag: 'Senders',
    summary: 'Make a write-only credential for a sender; its secret is shown this once',
    roles: atLeast('manager'),
    body: newSenderSchema,
    success: { status: 201, schema: createdSenderSchema },
    answer: async ({ principal, body: { name, kind }, request }) => {
      const { tenant } = principal
      const sender =
        kind === 'amqp' ? await viaAmqp(name, tenant) : await viaHttp(name, tenant, request)
      return { status: 201, json: sender }
    },
  })
}
