import type { Readable } from 'node:stream'

export const maxAnswerBytes = 256 * 1024 ** 2

/** The whole answer; rejects when it is cut, or longer than `maxAnswerBytes`. */
export async function readAnswer(answer: Readable): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part)
    bytes += part.length
    if (bytes > maxAnswerBytes) throw new Error(`the answer has more than ${maxAnswerBytes} bytes`)
  }
  const [only] = parts
  return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts, bytes)
}
