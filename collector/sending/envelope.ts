import { newMessageId } from '@warren/broker/message-id'
import type { OutgoingMessage } from '@warren/broker/publisher'
import { WarrenError } from '@warren/platform/errors'
import type { SpoolRecord } from '@warren/spool/record'

/** A message that is the same at each try: its id and time do not change. */
export type FixedMessage = OutgoingMessage &
  Required<Pick<OutgoingMessage, 'messageId' | 'timestamp'>>

type Envelope = Omit<FixedMessage, 'messageId' | 'body'>

export const toFixed = (message: OutgoingMessage): FixedMessage => ({
  ...message,
  messageId: message.messageId ?? newMessageId(),
  timestamp: message.timestamp ?? Math.floor(Date.now() / 1000),
})

const escaped = (text: string): string => `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`

/** All that is no body stands in the record's key, as JSON of ASCII alone. */
export function toRecord(message: FixedMessage): SpoolRecord {
  const { body, messageId, ...envelope } = message
  const key = JSON.stringify(envelope).replace(/[^\x20-\x7e]/g, escaped)
  // The encoding is in the envelope: a spool's own field knows fewer than a message may have.
  return { messageId, contentEncoding: undefined, key, body }
}

/** Throws a `WarrenError` (reject) for what is no record of an outbox. */
export function fromRecord({ messageId, key, body }: SpoolRecord): FixedMessage {
  try {
    return { ...(JSON.parse(key ?? '') as Envelope), messageId, body }
  } catch (cause) {
    throw new WarrenError('a record of the spool has no envelope', {
      ...{ code: 'spool_damaged', disposition: 'reject', cause },
    })
  }
}
