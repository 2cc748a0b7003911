import { promisify } from 'node:util'
import { gunzip, zstdDecompress } from 'node:zlib'
import { maxMessageBytes } from '@warren/contracts/message'
import { WarrenError } from '@warren/platform/errors'
import type { Delivery } from './delivery.ts'

const unpackers = {
  gzip: promisify(gunzip),
  zstd: promisify(zstdDecompress),
} as const

const reject = (code: 'too_large' | 'bad_encoding', message: string, cause?: unknown) =>
  new WarrenError(message, { code, disposition: 'reject', cause })

const tooLarge = (cause?: unknown) =>
  reject('too_large', `the message has more than ${maxMessageBytes} bytes when unpacked`, cause)

const isUnpacker = (name: string): name is keyof typeof unpackers => name in unpackers

/** The body without its content encoding; rejects with `too_large` or `bad_encoding` (reject). Never unpacks more than the limit. */
export async function decodeBody({
  body,
  properties,
}: Pick<Delivery, 'body' | 'properties'>): Promise<Buffer> {
  if (body.length > maxMessageBytes) throw tooLarge()
  const encoding = properties.contentEncoding
  if (encoding === undefined || encoding === 'identity') return body
  if (!isUnpacker(encoding))
    throw reject('bad_encoding', `content encoding "${encoding.slice(0, 64)}" is not known`)
  try {
    return await unpackers[encoding](body, { maxOutputLength: maxMessageBytes })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(error)
    throw reject('bad_encoding', `the body is not ${encoding}`, error)
  }
}
