import { reasonOf, WarrenError } from '@warren/platform/errors'

/** Why the broker did not take a message, or why something could not be declared. Also a metric label. */
export type BrokerErrorCode =
  /** No connection within the publish's deadline. */
  | 'broker_unavailable'
  /** The broker blocks publishers: its memory or disk alarm is raised. */
  | 'broker_blocked'
  /** More waits to be sent than this publisher holds. */
  | 'backpressure'
  /** A queue refused the message: it is full. Other queues may have taken it. */
  | 'nacked'
  /** No queue is bound for the key. */
  | 'unroutable'
  /** The channel or connection was lost before the confirm: the broker may or may not have the message. */
  | 'connection_lost'
  /** No confirm in time: the broker may or may not have the message. */
  | 'confirm_timeout'
  /** The credential may not do this. */
  | 'access_refused'
  /** The exchange or queue does not exist. */
  | 'not_found'
  /** The publisher was closed. */
  | 'closed'
  /** The message itself cannot be sent: its key or a property is too long. */
  | 'bad_message'

interface Details {
  readonly cause?: unknown
  readonly disposition?: 'retry' | 'reject' | 'fatal'
}

export const brokerError = (
  code: BrokerErrorCode,
  message: string,
  { cause, disposition = 'retry' }: Details = {},
): WarrenError => new WarrenError(message, { code, disposition, cause })

/** AMQP reply codes: https://www.rabbitmq.com/amqp-0-9-1-reference#constants */
const replyCodes: Readonly<Record<number, BrokerErrorCode>> = {
  403: 'access_refused',
  404: 'not_found',
}

/** The AMQP reply code that closed a channel or connection, when the broker gave one. */
export function replyCodeOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'number' ? code : undefined
}

/** What the loss of a channel means for the messages it had in flight. */
export function lossError(error: unknown): WarrenError {
  const code = replyCodes[replyCodeOf(error) ?? 0] ?? 'connection_lost'
  return brokerError(code, plainReason(error), { cause: error })
}

/** The broker's own words without amqplib's around them. */
export function plainReason(error: unknown): string {
  const text = reasonOf(error)
  const quoted = /with message "(.*)"$/s.exec(text)?.[1]
  return quoted ?? text
}
