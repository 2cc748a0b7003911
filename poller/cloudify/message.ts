import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import type { Chunk, Normalised, RefusedLine } from '../chunk.ts'

/** A message of a Cloudify sender: one JSON object. */
export type CloudifyMessage = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is CloudifyMessage =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** As Cloudify's own store does it: its texts hold no NUL. */
const withoutNul = (_: string, value: unknown): unknown =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '<NUL>') : value

/** Undefined when the body is not one JSON object; Python writes `NaN` and `Infinity`, which are not JSON. */
export function parseMessage(body: Buffer): CloudifyMessage | undefined {
  try {
    const value: unknown = JSON.parse(body.toString(), withoutNul)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export const objectIn = (message: CloudifyMessage, key: string): CloudifyMessage => {
  const value = message[key]
  return isObject(value) ? value : {}
}

export const textIn = (message: CloudifyMessage, key: string): string | undefined => {
  const value = message[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** What Cloudify's manager tells its policy engine over the exchange of the metrics. */
export const isConfiguration = (message: CloudifyMessage): boolean =>
  message['service'] === 'cloudify.configuration'

export const refused = (code: DeadLetterCode, reason: string, bytes: Buffer): RefusedLine => ({
  index: 0,
  code,
  reason,
  // A copy: what is refused must not keep the delivery alive.
  bytes: Buffer.from(bytes),
})

/** What is refused of the converted message is the message itself, as it was sent. */
export function asSent<C extends Chunk>(normalised: Normalised<C>, body: Buffer): Normalised<C> {
  return {
    ...normalised,
    refused: normalised.refused.map(({ code, reason }) => refused(code, reason, body)),
  }
}
