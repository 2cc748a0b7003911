import { promisify } from 'node:util'
import { gunzip, gunzipSync, zstdDecompress, zstdDecompressSync } from 'node:zlib'
import { maxMessageBytes } from '@warren/contracts/message'
import { WarrenError } from '@warren/platform/errors'
import type { Delivery } from './delivery.ts'

const unpackers = {
  gzip: { now: gunzipSync, later: promisify(gunzip) },
  zstd: { now: zstdDecompressSync, later: promisify(zstdDecompress) },
} as const

/** Up to here unpacking takes less than handing it to a thread: a round trip for each piece of output. */
const maxBytesNow = 128 * 1024
const minOutputBytes = 16 * 1024
/** How many times its size a body takes up unpacked, as the last one did. */
let expansion = 4

async function unpack(body: Buffer, encoding: keyof typeof unpackers): Promise<Buffer> {
  // With room for all of it the output comes in one piece, which nothing has to join.
  const chunkSize = Math.max(minOutputBytes, Math.ceil(body.length * expansion * 1.25))
  const options = {
    maxOutputLength: maxMessageBytes,
    chunkSize: Math.min(maxMessageBytes, chunkSize),
  }
  const { now, later } = unpackers[encoding]
  const unpacked = body.length <= maxBytesNow ? now(body, options) : await later(body, options)
  expansion = unpacked.length / Math.max(1, body.length)
  return unpacked
}

const reject = (code: 'too_large' | 'bad_encoding', message: string, cause?: unknown) =>
  new WarrenError(message, { code, disposition: 'reject', cause })

const tooLarge = (cause?: unknown) =>
  reject('too_large', `the message has more than ${maxMessageBytes} bytes when unpacked`, cause)

/** Some clients (collectd, kombu) write the character encoding here. */
const isPlain = (name: string): boolean => name === 'identity' || /^utf-?8$/i.test(name)

const isUnpacker = (name: string): name is keyof typeof unpackers => name in unpackers

/** The body without its content encoding; rejects with `too_large` or `bad_encoding` (reject). Never unpacks more than the limit. */
export async function decodeBody({
  body,
  properties,
}: Pick<Delivery, 'body' | 'properties'>): Promise<Buffer> {
  if (body.length > maxMessageBytes) throw tooLarge()
  const encoding = properties.contentEncoding
  if (encoding === undefined || isPlain(encoding)) return body
  if (!isUnpacker(encoding))
    throw reject('bad_encoding', `content encoding "${encoding.slice(0, 64)}" is not known`)
  try {
    return await unpack(body, encoding)
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(error)
    throw reject('bad_encoding', `the body is not ${encoding}`, error)
  }
}
