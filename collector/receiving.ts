import type { IncomingMessage } from 'node:http'
import type { OutgoingMessage } from '@warren/broker/publisher'
import { contentTypes } from '@warren/contracts/message'
import type { MetricMetadata } from '@warren/contracts/metric-metadata'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { exchanges } from '@warren/contracts/topology'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { type Authenticate, credentialsOf, type Sender } from './credentials.ts'
import { HttpError } from './http-error.ts'
import type { IngestLimits } from './limits/ingest-limits.ts'
import { createMessageBuilder } from './message-builder.ts'
import type { MetadataNews } from './metadata-news.ts'
import type { Outgoing } from './sending/forwarder.ts'
import type { CollectorSettings } from './settings.ts'
import type { Messages } from './to-messages.ts'

export interface WriteContext {
  readonly outgoing: Outgoing
  readonly authenticate: Authenticate
  /** Has what a request holds count as its tenant's; throws the 503 when that is too much. */
  readonly claim: (request: IncomingMessage, tenant: string) => void
  readonly limits: IngestLimits
  /** One for all inputs. */
  readonly news: MetadataNews
  readonly settings: CollectorSettings
}

export interface WriteRequest {
  readonly request: IncomingMessage
  readonly query: URLSearchParams
}

const unavailable = (error: unknown, outcome: string): HttpError => {
  const retryAfterMs = error instanceof WarrenError ? error.retryAfterMs : undefined
  const message = `${outcome}, send it again: ${reasonOf(error)}`
  const retryAfterSeconds = Math.max(1, Math.ceil((retryAfterMs ?? 2_000) / 1_000))
  return new HttpError(503, 'unavailable', { message, retryAfterSeconds })
}

export async function senderOf(
  context: WriteContext,
  { request, query }: WriteRequest,
): Promise<Sender> {
  const credentials = credentialsOf(request, query)
  if (credentials === undefined)
    throw new HttpError(401, 'unauthorized', {
      message: 'unable to parse authentication credentials',
    })
  const sender = await context.authenticate(credentials).catch((error: unknown) => {
    throw unavailable(error, 'not stored')
  })
  if (sender === undefined)
    throw new HttpError(401, 'unauthorized', { message: 'authorization failed' })
  return sender
}

/** Words that would not fit a routing key are left out of it; the lines still carry them. */
function keyOf({ tenant, name }: Sender, host: string | undefined): string {
  for (const source of [host, name])
    try {
      if (source !== undefined) return toRoutingKey(tenant, undefined, source)
    } catch {
      // Too long for a key.
    }
  return toRoutingKey(tenant, undefined, undefined)
}

async function publishAll(
  { outgoing }: WriteContext,
  message: Omit<OutgoingMessage, 'body'>,
  bodies: readonly Uint8Array[],
): Promise<void> {
  const sent = await Promise.allSettled(
    bodies.map((body) => outgoing.publish({ ...message, body })),
  )
  const failed = sent.find((outcome) => outcome.status === 'rejected')
  // What was sent without being confirmed may come all the same.
  if (failed !== undefined) throw unavailable(failed.reason, 'not confirmed as stored')
}

/** Resolves once the broker has confirmed every message or it is on disk; throws the 503 else, maybe after a part was published. */
export async function publish(
  context: WriteContext,
  sender: Sender,
  { bodies, host }: Messages,
): Promise<void> {
  const key = keyOf(sender, host)
  const message = { exchange: exchanges.metrics, key, contentType: contentTypes.lineProtocol }
  await publishAll(context, message, bodies)
}

/** The same for log records, one JSON object a line. The key has no source: many hosts share a sender. */
export async function publishRecords(
  context: WriteContext,
  { tenant }: Sender,
  bodies: readonly Uint8Array[],
): Promise<void> {
  const key = toRoutingKey(tenant, undefined, undefined)
  const message = { exchange: exchanges.logs, key, contentType: contentTypes.ndjson }
  await publishAll(context, message, bodies)
}

/** The same for what fields mean, of which only news is sent. */
export async function publishMetadata(
  context: WriteContext,
  sender: Sender,
  metadata: readonly MetricMetadata[],
): Promise<void> {
  const { news, settings } = context
  const builder = createMessageBuilder(settings.messageBytes)
  for (const line of news.unsent(sender.tenant, metadata)) builder.add(Buffer.from(line), '')
  const key = keyOf(sender, undefined)
  const message = { exchange: exchanges.metrics, key, contentType: contentTypes.metricMetadata }
  await publishAll(context, message, builder.bodies())
  news.sent(sender.tenant, metadata)
}

/** The 400 for a request of which something was left out; its good lines are published. */
export function refusal({ lines, problems, refused }: Messages): HttpError {
  const more = refused > problems.length ? `\nand ${refused - problems.length} more` : ''
  const reason = `${problems.join('\n')}${more}`
  const message = lines === 0 ? reason : `partial write: ${reason} dropped=${refused}`
  return new HttpError(400, 'invalid', { message })
}
