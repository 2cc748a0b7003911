import { crc32 } from 'node:zlib'
import type { ContentEncoding } from '@warren/contracts/message'

/** One message that waits for the broker. */
export interface SpoolRecord {
  /** The AMQP message id: the same at each try, also after a restart. */
  readonly messageId: string
  readonly contentEncoding: ContentEncoding | undefined
  /** Its routing key, for a sender that has more than one; 65,535 bytes of ASCII at most. */
  readonly key?: string | undefined
  readonly body: Uint8Array
}

/** length of the rest (4), CRC-32 of the rest (4), encoding (1), length of the id (1), id, body. Little-endian.
 *  With a key the encoding has its highest bit set, and the key's length (2) and the key stand before the body. */
const headBytes = 8
/** Encoding and length of the id. Zeros, with which a file may end after a loss of power, would be records of none. */
const leastBytes = 2
const keyed = 0x80
const encodings: readonly (ContentEncoding | undefined)[] = [undefined, 'gzip', 'zstd']

function keyBytes(key: string | undefined): Buffer {
  if (key === undefined) return Buffer.alloc(0)
  const bytes = Buffer.alloc(2 + key.length)
  bytes.writeUInt16LE(key.length, 0)
  bytes.write(key, 2, 'latin1')
  return bytes
}

export function toBytes({ messageId, contentEncoding, key, body }: SpoolRecord): Buffer {
  const id = Buffer.from(messageId, 'latin1')
  const flags = encodings.indexOf(contentEncoding) | (key === undefined ? 0 : keyed)
  const rest = Buffer.concat([Buffer.from([flags, id.length]), id, keyBytes(key), body])
  const head = Buffer.allocUnsafe(headBytes)
  head.writeUInt32LE(rest.length, 0)
  head.writeUInt32LE(crc32(rest), 4)
  return Buffer.concat([head, rest])
}

function parseRecord(rest: Buffer): SpoolRecord {
  const flags = rest[0] ?? 0
  const idEnd = 2 + (rest[1] ?? 0)
  const contentEncoding = encodings[flags & ~keyed]
  const messageId = rest.toString('latin1', 2, idEnd)
  if ((flags & keyed) === 0) return { messageId, contentEncoding, body: rest.subarray(idEnd) }
  const keyEnd = idEnd + 2 + rest.readUInt16LE(idEnd)
  const key = rest.toString('latin1', idEnd + 2, keyEnd)
  return { messageId, contentEncoding, key, body: rest.subarray(keyEnd) }
}

/** The records of a segment, up to the first that is not whole: a crash may have cut the last one. */
export function parseRecords(segment: Buffer): { records: SpoolRecord[]; whole: boolean } {
  const records: SpoolRecord[] = []
  let at = 0
  while (at + headBytes <= segment.length) {
    const length = segment.readUInt32LE(at)
    const end = at + headBytes + length
    const rest = segment.subarray(at + headBytes, end)
    if (length < leastBytes || end > segment.length) break
    if (crc32(rest) !== segment.readUInt32LE(at + 4)) break
    records.push(parseRecord(rest))
    at = end
  }
  return { records, whole: at === segment.length }
}
