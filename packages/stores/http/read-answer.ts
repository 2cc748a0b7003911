import type { Readable } from 'node:stream'
import { WarrenError } from '@warren/platform/errors'

/** A query's answer may have as many bytes when it is sent on (`queries.maxAnswerBytes`); nothing else that a store is asked comes near. */
export const maxAnswerBytes = 64 * 1024 ** 2

/** The whole answer. Rejects when it is cut, and with `answer_too_large` as soon as it is longer than `maxAnswerBytes`. */
export async function readAnswer(answer: Readable): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part)
    bytes += part.length
    if (bytes > maxAnswerBytes)
      throw new WarrenError(
        `the store's answer has more than ${maxAnswerBytes} bytes; ask for a shorter range, a longer interval or fewer series`,
        { code: 'answer_too_large', disposition: 'reject' },
      )
  }
  const [only] = parts
  return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts, bytes)
}
