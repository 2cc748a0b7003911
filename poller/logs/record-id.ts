import { createHash } from 'node:crypto'
import type { Origin } from '../origin.ts'

const ownId = /^[0-9a-f]{32}$/
const idDigits = 32

/** Whether an id is in our own form, as bytes. */
export function isOwnId(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== idDigits) return false
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0
    if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66))) return false
  }
  return true
}

const separator = '\0'

const hash = (...parts: readonly (string | Uint8Array)[]): string => {
  const sha = createHash('sha256')
  for (const part of parts) sha.update(part).update(separator)
  return sha.digest('hex').slice(0, 32)
}

interface Line {
  readonly index: number
  readonly bytes: Uint8Array
}

/** The idempotency key of a record: an id in our own form as it is; another sender's id hashed with tenant and sender; without one, where the line stood in which message of whom, the one that it was first sent in: senders choose the ids of their messages. */
export function recordIdOf(
  given: unknown,
  {
    tenant,
    source,
    messageId,
    firstIndex = 0,
  }: Pick<Origin, 'tenant' | 'source' | 'messageId' | 'firstIndex'>,
  line: Line,
): string {
  if (typeof given === 'string' && given !== '') {
    return ownId.test(given) ? given : hash('id', tenant, source ?? '', given)
  }
  const position = String(firstIndex + line.index)
  return hash('line', tenant, source ?? '', messageId, position, line.bytes)
}
