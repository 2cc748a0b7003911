import { createHash } from 'node:crypto'
import type { DeadLetterCode } from '@warren/contracts/dead-letter'

export interface LetterOrigin {
  readonly exchange: string
  readonly routingKey: string
  readonly messageId: string
}

interface ParkedItem {
  readonly index: number
  readonly code: DeadLetterCode
  readonly bytes: Uint8Array
}

/** The same whenever the message is delivered again, and for no other item: senders choose the ids of their messages, so two senders may well choose one. */
export const letterIdOf = (
  { exchange, routingKey, messageId }: LetterOrigin,
  { index, code, bytes }: ParkedItem,
): string =>
  createHash('sha256')
    .update([exchange, routingKey, messageId, index, code, ''].join('\0'))
    .update(bytes)
    .digest('hex')
    .slice(0, 32)
