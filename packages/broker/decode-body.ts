import { promisify } from 'node:util'
import { gunzip, gunzipSync, zstdDecompress, zstdDecompressSync } from 'node:zlib'
import { maxMessageBytes } from '@warren/contracts/message'
import { WarrenError } from '@warren/platform/errors'
import type { Delivery } from './delivery.ts'
import { gzipSizeOf } from './gzip-size.ts'
import { unpackLent } from './lent-body.ts'
import { zstdEndOf, zstdSizeOf } from './zstd-frame.ts'

const unpackers = {
  gzip: { now: gunzipSync, later: promisify(gunzip), sizeOf: gzipSizeOf },
  zstd: { now: zstdDecompressSync, later: promisify(zstdDecompress), sizeOf: zstdSizeOf },
} as const

/** Up to here unpacking takes less than handing it to a thread: a round trip for each piece of output. */
const maxBytesNow = 128 * 1024
const minOutputBytes = 1024
/** Room behind the last byte: output that is full asks for more. */
const spareBytes = 64
/** Of a body that does not say its size. */
const likelyExpansion = 5

async function unpack(body: Buffer, encoding: keyof typeof unpackers): Promise<Buffer> {
  // Node.js takes a frame that is cut short for one that is empty, and says nothing.
  if (encoding === 'zstd' && (zstdEndOf(body) ?? 0) > body.length)
    throw new Error('the frame is cut short')
  const { now, later, sizeOf } = unpackers[encoding]
  // With room for all of it the output comes in one piece, which nothing has to join.
  const bytes = (sizeOf(body) ?? body.length * likelyExpansion) + spareBytes
  const options = {
    maxOutputLength: maxMessageBytes,
    chunkSize: Math.min(maxMessageBytes + spareBytes, Math.max(minOutputBytes, bytes)),
  }
  return body.length <= maxBytesNow ? now(body, options) : await later(body, options)
}

const reject = (code: 'too_large' | 'bad_encoding', message: string, cause?: unknown) =>
  new WarrenError(message, { code, disposition: 'reject', cause })

const tooLarge = (cause?: unknown) =>
  reject('too_large', `the message has more than ${maxMessageBytes} bytes when unpacked`, cause)

/** Some clients (collectd, kombu) write the character encoding here. */
const isPlain = (name: string): boolean => name === 'identity' || /^utf-?8$/i.test(name)

const isUnpacker = (name: string): name is keyof typeof unpackers => name in unpackers

type Packed = Pick<Delivery, 'body' | 'properties'>

/** The body without its content encoding: the delivery's own where it has none, else one that is the caller's alone. Rejects with `too_large` or `bad_encoding` (reject). Never unpacks more than the limit. */
export async function decodeBody({ body, properties }: Packed): Promise<Buffer> {
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

/** Whose a body is: the delivery's, the reader's alone, or lent until the reader returns; then it must hold no view of it. */
export type BodyOwner = 'delivery' | 'reader' | 'lent'

/** As `decodeBody`, for what is read at once: `read` is called with the body, mostly one that was unpacked where the one before it was. Rejects as `read` throws, too. */
export async function readBody<Result>(
  delivery: Packed,
  read: (body: Buffer, owner: BodyOwner) => Result,
): Promise<Result> {
  const { body: packed, properties } = delivery
  const lent = properties.contentEncoding === 'zstd' ? unpackLent(packed) : undefined
  if (lent !== undefined) return read(lent, 'lent')
  const body = await decodeBody(delivery)
  return read(body, body === packed ? 'delivery' : 'reader')
}
