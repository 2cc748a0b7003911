import { newMessageId } from '@warren/broker/message-id'
import type { OutgoingMessage } from '@warren/broker/publisher'
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

export function fromRecord({ messageId, key, body }: SpoolRecord): FixedMessage {
  if (key === undefined) throw new Error('BUG: a record of the outbox without its envelope')
  return { ...(JSON.parse(key) as Envelope), messageId, body }
}
