import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'

const deflate = promisify(deflateRaw)

/** https://www.rfc-editor.org/rfc/rfc1952#section-2.3: deflate, no name, no time, of an unknown system. */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff])
/** https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4: the last block, stored, of no bytes. */
const lastBlock = Buffer.from([1, 0, 0, 0xff, 0xff])
const longestStored = 0xffff

/** Bytes as blocks of a deflate stream that end with a whole byte, so that others may follow, none of which refers to them. */
export const toBlocks = (bytes: Uint8Array): Promise<Buffer> =>
  deflate(bytes, { level: 1, finishFlush: constants.Z_SYNC_FLUSH })

/** The same without packing, for what is short. */
function* stored(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += longestStored) {
    const part = bytes.subarray(at, at + longestStored)
    const start = Buffer.alloc(5)
    start.writeUInt16LE(part.length, 1)
    start.writeUInt16LE(~part.length & 0xffff, 3)
    yield start
    yield part
  }
}

/** A part of a body whose blocks are there. */
export interface PackedPart {
  readonly start: number
  readonly end: number
  readonly blocks: Uint8Array
}

/** The gzip of a body, of which long parts, in order, are packed already. The rest stays as it is. */
export function joinGzip(body: Uint8Array, parts: readonly PackedPart[]): Buffer {
  const pieces: Uint8Array[] = [header]
  let at = 0
  for (const { start, end, blocks } of parts) {
    pieces.push(...stored(body.subarray(at, start)), blocks)
    at = end
  }
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(body), 0)
  trailer.writeUInt32LE(body.length >>> 0, 4)
  pieces.push(...stored(body.subarray(at)), lastBlock, trailer)
  return Buffer.concat(pieces)
}
