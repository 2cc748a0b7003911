import type { Readable } from 'node:stream'
import { WarrenError } from '@warren/platform/errors'

/** A query's answer may have as many bytes when it is sent on (`queries.maxAnswerBytes`); nothing else that a store is asked comes near. */
export const maxAnswerBytes = 64 * 1024 ** 2

const tooLong = (): WarrenError =>
  new WarrenError(
    `the store's answer has more than ${maxAnswerBytes} bytes; ask for a shorter range, a longer interval or fewer series`,
    { code: 'answer_too_large', disposition: 'reject' },
  )

/** The whole answer. Rejects when it is cut, and with `answer_too_large` as soon as it is longer than `maxAnswerBytes`. */
export function readAnswer(answer: Readable): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const parts: Buffer[] = []
  let bytes = 0
  answer.on('data', (part: Buffer) => {
    parts.push(part)
    bytes += part.length
    // What is left of it is not read: the connection goes with it.
    if (bytes > maxAnswerBytes) answer.destroy(tooLong())
  })
  answer.once('end', () => {
    const [only] = parts
    resolve(only !== undefined && parts.length === 1 ? only : Buffer.concat(parts, bytes))
  })
  answer.once('error', reject)
  // After one of the others this changes nothing.
  answer.once('close', () => reject(new Error('the answer was cut')))
  return promise
}
