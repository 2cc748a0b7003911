import {
  type LetterEdit,
  letterEditSchema,
  oneLetterQuerySchema,
  type StoredLetter,
  storedLetterSchema,
} from '@warren/contracts/http/dead-letters'
import { maxMessageBytes } from '@warren/contracts/message'
import { parseSenderKey, toRoutingKey } from '@warren/contracts/routing-key'
import { exchanges } from '@warren/contracts/topology'
import type { LetterChange } from '@warren/stores/catalog/dead-letter-store'
import { atLeast } from '../auth/principal.ts'
import { type DeadLetterRouteOptions, findLetter } from '../dead-letters/find-letter.ts'
import { oneTenantOf } from '../dead-letters/letter-filter.ts'
import { ifMatchOf, setEtag } from '../http/etag.ts'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'

/** An item may be 4 MiB, and each byte of it six as JSON. */
const maxEditBytes = 6 * maxMessageBytes + 4096

function invalid(pointer: string, detail: string): Refusal {
  return new Refusal('invalid', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] })
}

function itemOf({ text, item }: LetterEdit): Uint8Array | undefined {
  if (text === undefined && item === undefined) return undefined
  const bytes = text === undefined ? Buffer.from(item ?? '', 'base64') : Buffer.from(text)
  if (bytes.length > maxMessageBytes)
    throw invalid(text === undefined ? '/item' : '/text', `more than ${maxMessageBytes} bytes`)
  return bytes
}

/** Its routing key with other words after the tenant's, which stays. */
function routingKeyOf({ origin }: StoredLetter, edit: LetterEdit): string | undefined {
  if (edit.deployment === undefined && edit.source === undefined) return undefined
  const key = parseSenderKey(origin.routing_key)
  if (key === undefined)
    throw invalid('/deployment', 'the routing key of this letter has no tenant')
  // Its third word is the exchange that the message is read as.
  if (edit.source !== undefined && origin.exchange === exchanges.cloudify)
    throw invalid('/source', 'a message of a Cloudify sender has no source')
  const wordOf = (given: string | null | undefined, now: string | undefined) =>
    given === undefined ? now : (given ?? undefined)
  try {
    return toRoutingKey(
      key.tenant,
      wordOf(edit.deployment, key.deployment),
      wordOf(edit.source, key.source),
    )
  } catch (error) {
    if (error instanceof RangeError) throw invalid('/source', error.message)
    throw error
  }
}

export const editLetterRoute = ({ catalog, log }: DeadLetterRouteOptions): Route =>
  defineRoute({
    method: 'patch',
    path: '/api/v1/dead-letters/:id',
    tag: 'Dead letters',
    summary: 'Change the content of one item, or the deployment and source it is sent again as',
    roles: atLeast('manager'),
    query: oneLetterQuerySchema,
    body: letterEditSchema,
    maxBodyBytes: maxEditBytes,
    success: { status: 200, schema: storedLetterSchema },
    answer: async ({ principal, params, query, body, request, response }) => {
      const version = ifMatchOf(request)
      const tenant = oneTenantOf(principal, query.tenant)
      const id = params['id'] ?? ''
      const before = await findLetter(catalog, tenant, id)
      const routingKey = routingKeyOf(before, body)
      const change: LetterChange = { version, by: principal.name, item: itemOf(body), routingKey }
      const edited = await catalog.deadLetters.edit(tenant, id, change)
      if (edited === 'absent')
        throw new Refusal('not_found', 'the tenant has no dead letter with this id any more')
      if (edited === 'stale')
        throw new Refusal('changed', 'somebody has changed it, or it was refused once more')
      const { bytes } = edited
      const was = { bytes: before.bytes, routingKey: before.origin.routing_key }
      log.info('a dead letter was edited', { tenant, letter: id, by: principal.name, bytes, was })
      setEtag(response, edited.version)
      return { status: 200, json: edited }
    },
  })
