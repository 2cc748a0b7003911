import type { Delivery } from '@warren/broker/delivery'
import { parseSenderKey } from '@warren/contracts/routing-key'
import type { Stream } from '@warren/contracts/topology'
import { noTenant } from '../origin.ts'
import type { RuleBook } from '../rules/rule-book.ts'

type WholeMessage = Pick<Delivery, 'routingKey' | 'properties'> & { readonly body: Uint8Array }

/** What is kept of a message that goes to dead letters as a whole: of log records, as of what is stored, without their secrets. What could not be unpacked stays as it was sent. */
export function keptBody(
  { routingKey, properties, body }: WholeMessage,
  stream: Stream,
  rules: RuleBook,
): Uint8Array {
  if (stream !== 'logs' || properties.contentEncoding !== undefined) return body
  const { tenant = noTenant, deployment } = parseSenderKey(routingKey) ?? {}
  return rules.logs({ tenant, deployment }).redactRefused(body)
}
