import { crc32 } from 'node:zlib'
import type { ContentEncoding } from '@warren/contracts/message'

/** One message that waits for the broker. */
export interface SpoolRecord {
  /** The AMQP message id: the same at each try, also after a restart. */
  readonly messageId: string
  readonly contentEncoding: ContentEncoding | undefined
  readonly body: Uint8Array
}

/** length of the rest (4), CRC-32 of the rest (4), encoding (1), length of the id (1), id, body. Little-endian. */
const headBytes = 8
const encodings: readonly (ContentEncoding | undefined)[] = [undefined, 'gzip', 'zstd']

export function toBytes({ messageId, contentEncoding, body }: SpoolRecord): Buffer {
  const id = Buffer.from(messageId, 'latin1')
  const rest = Buffer.concat([
    Buffer.from([encodings.indexOf(contentEncoding), id.length]),
    id,
    body,
  ])
  const head = Buffer.allocUnsafe(headBytes)
  head.writeUInt32LE(rest.length, 0)
  head.writeUInt32LE(crc32(rest), 4)
  return Buffer.concat([head, rest])
}

/** The records of a segment, up to the first that is not whole: a crash may have cut the last one. */
export function parseRecords(segment: Buffer): { records: SpoolRecord[]; whole: boolean } {
  const records: SpoolRecord[] = []
  let at = 0
  while (at + headBytes <= segment.length) {
    const end = at + headBytes + segment.readUInt32LE(at)
    const rest = segment.subarray(at + headBytes, end)
    if (end > segment.length || crc32(rest) !== segment.readUInt32LE(at + 4)) break
    const idEnd = 2 + (rest[1] ?? 0)
    records.push({
      contentEncoding: encodings[rest[0] ?? 0],
      messageId: rest.toString('latin1', 2, idEnd),
      body: rest.subarray(idEnd),
    })
    at = end
  }
  return { records, whole: at === segment.length }
}
