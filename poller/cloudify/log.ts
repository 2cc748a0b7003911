import type { Normalised } from '../chunk.ts'
import { isNestedTooDeep, maxNesting } from '../logs/nesting.ts'
import { logPlanOf, normaliseLogs } from '../logs/normalise.ts'
import { recordIdOf } from '../logs/record-id.ts'
import type { LogChunk } from '../logs/record-lines.ts'
import type { Origin } from '../origin.ts'
import type { TimeWindow } from '../time-window.ts'
import { asSent, type CloudifyMessage, objectIn, parseMessage, refused, textIn } from './message.ts'

type LogOrigin = Omit<Origin, 'exchange' | 'routingKey'>

/** Python's levels as OpenTelemetry numbers them. */
const severities: Readonly<Record<string, number>> = {
  debug: 5,
  info: 9,
  warn: 13,
  warning: 13,
  error: 17,
  exception: 17,
  critical: 21,
  fatal: 21,
}

/** What is known only to the kind of message, and left out where it is absent. */
function attributesOf(message: CloudifyMessage, context: CloudifyMessage) {
  const { task_error_causes: causes, ...rest } = context
  return {
    type: message['type'],
    event_type: message['event_type'],
    logger: message['logger'],
    message_code: message['message_code'],
    message: { arguments: objectIn(message, 'message')['arguments'] },
    reported_timestamp: message['timestamp'],
    execution_id: context['execution_id'],
    error_causes: message['error_causes'] ?? causes,
    context: rest,
  }
}

const textOf = (message: CloudifyMessage): string | undefined =>
  textIn(message, 'message') ?? textIn(objectIn(message, 'message'), 'text')

/** In Cloudify's logs, too, `node_id` is an instance of the node `node_name`. */
function toRecord(message: CloudifyMessage, id: string, observed: string) {
  const context = objectIn(message, 'context')
  const level = textIn(message, 'level')?.toLowerCase()
  const isEvent = message['type'] === 'cloudify_event' || message['event_type'] !== undefined
  return {
    id,
    '@timestamp': message['timestamp'],
    observed_timestamp: observed,
    message: textOf(message) ?? '',
    'log.level': level,
    severity_number: level === undefined ? undefined : severities[level],
    node: textIn(context, 'node_name'),
    instance: textIn(context, 'node_id'),
    'event.dataset': isEvent ? 'cloudify_events' : 'cloudify_logs',
    attributes: attributesOf(message, context),
  }
}

/** A log or an event of Cloudify (cloudify-common, cloudify/logs.py) as one log record of the dataset `cloudify_logs` or `cloudify_events`. */
export function normaliseCloudifyLog(
  body: Buffer,
  origin: LogOrigin,
  { window, nowMs }: { readonly window: TimeWindow; readonly nowMs: number },
): Normalised<LogChunk> {
  const message = parseMessage(body)
  const kept = () => Buffer.from(logPlanOf(origin, window).redactRefused(body))
  const malformed = (reason: string) => ({
    ...normaliseLogs(Buffer.alloc(0), origin, window),
    refused: [refused('malformed', reason, kept())],
  })
  if (message === undefined) return malformed('not one JSON object')
  if (isNestedTooDeep(message)) return malformed(`nested deeper than ${maxNesting} levels`)
  if (textOf(message) === undefined) return malformed('message.text is missing')
  // Of the bytes that were sent: the converted record says when it was seen, which a redelivery does not repeat.
  const id = recordIdOf(undefined, origin, { index: 0, bytes: body })
  const record = toRecord(message, id, new Date(nowMs).toISOString())
  const normalised = normaliseLogs(Buffer.from(JSON.stringify(record)), origin, window)
  return normalised.refused.length === 0 ? normalised : asSent(normalised, kept())
}
