import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { HttpError } from './http-error.ts'

export const tooLarge = (): HttpError =>
  new HttpError(413, 'request too large', { message: 'Request Entity Too Large' })

/** Of line protocol: gzip or plain. */
function unzipped(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity' || encoding === '') return request
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new HttpError(415, 'invalid', { message: `unsupported content encoding: ${encoding}` })
  // Not pipe(): an error of the request must end the decoder too.
  const gunzip = createGunzip()
  request.once('error', (error) => gunzip.destroy(error))
  request.once('aborted', () => gunzip.destroy(new Error('the client went away')))
  return request.pipe(gunzip)
}

/** Reads a body, unpacked by `decoded`, and never holds more than `maxBytes` of it, whatever it claims or unpacks to. */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  decoded: (request: IncomingMessage) => Readable = unzipped,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of decoded(request)) {
      length += (chunk as Buffer).length
      if (length > maxBytes) throw tooLarge()
      chunks.push(chunk as Buffer)
    }
  } catch (error) {
    if (error instanceof HttpError) throw error
    throw new HttpError(400, 'invalid', { message: `unreadable body: ${(error as Error).message}` })
  }
  return Buffer.concat(chunks)
}

/** Reads a body to its end and keeps nothing of it. */
export async function passOverBody(request: IncomingMessage, maxBytes: number): Promise<void> {
  let length = 0
  for await (const chunk of request) {
    length += (chunk as Buffer).length
    if (length > maxBytes) throw tooLarge()
  }
}
