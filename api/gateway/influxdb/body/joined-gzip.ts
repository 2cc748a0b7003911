import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'
import { roomToPack } from '@warren/platform/zlib-room'
import { BodyBytes, ownCopy, ownCopyFreeing } from './body-bytes.ts'

const deflate = promisify(deflateRaw)

/** https://www.rfc-editor.org/rfc/rfc1952#section-2.3: deflate, no name, no time, of an unknown system. */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff])
/** https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4: the last block, stored, of no bytes. */
const lastBlock = Buffer.from([1, 0, 0, 0xff, 0xff])
const longestStored = 0xffff

/** Bytes as blocks of a deflate stream that end with a whole byte, so that others may follow, none of which refers to them. In memory of their own size: what zlib hands out is a part of more. */
export async function toBlocks(bytes: Uint8Array): Promise<Buffer> {
  const chunkSize = roomToPack(bytes.length)
  const options = { level: 1, finishFlush: constants.Z_SYNC_FLUSH, chunkSize }
  return ownCopyFreeing([await deflate(bytes, options)])
}

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

/** A part of a body, with its blocks where they are there; else it stays as it is. */
export interface Segment {
  readonly bytes: Uint8Array
  readonly blocks?: Uint8Array | undefined
}

function trailer(crc: number, length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(crc, 0)
  bytes.writeUInt32LE(length >>> 0, 4)
  return bytes
}

/** The gzip of a body of which long segments are packed already. Their blocks are not copied. */
export function joinGzip(segments: readonly Segment[]): BodyBytes {
  const pieces: Uint8Array[] = []
  let between: Uint8Array[] = [header]
  let crc = 0
  let length = 0
  for (const { bytes, blocks } of segments) {
    // Of nothing zlib says 0, whatever came before.
    if (bytes.length > 0) crc = crc32(bytes, crc)
    length += bytes.length
    if (blocks === undefined) between.push(...stored(bytes))
    else {
      pieces.push(ownCopy(between), blocks)
      between = []
    }
  }
  pieces.push(ownCopy([...between, lastBlock, trailer(crc, length)]))
  return new BodyBytes(pieces)
}

/** A part of a body that is packed for itself, with others at once. */
interface PackedSegment {
  readonly bytes: Uint8Array
  readonly blocks: Promise<Uint8Array>
}

/** The gzip of a body whose parts are packed by now, or will be; their blocks are gone afterwards. */
export async function joinPacked(segments: readonly PackedSegment[]): Promise<BodyBytes> {
  const packed = segments.map(async ({ bytes, blocks }) => ({ bytes, blocks: await blocks }))
  return new BodyBytes([ownCopyFreeing(joinGzip(await Promise.all(packed)).pieces)])
}
