const magic = 0xfd2fb528
/** Bytes of the fields that a frame's descriptor announces by two bits. */
const dictionaryBytes = [0, 1, 2, 4] as const
const sizeBytes = [0, 2, 4, 8] as const
const blockHeaderBytes = 3
/** The kind of a block that repeats its only byte. */
const repeated = 1

interface Header {
  /** What the frame says its content takes, where it does. */
  readonly size: number | undefined
  readonly blocksAt: number
  readonly checksumBytes: 0 | 4
}

/** https://www.rfc-editor.org/rfc/rfc8878#name-frame-header */
function readHeader(body: Buffer): Header | undefined {
  if (body.length < 5 || body.readUInt32LE(0) !== magic) return undefined
  const descriptor = body[4] ?? 0
  const isSingleSegment = (descriptor & 0x20) !== 0
  const bytes = sizeBytes[(descriptor >> 6) as 0 | 1 | 2 | 3] || Number(isSingleSegment)
  const at = 5 + Number(!isSingleSegment) + dictionaryBytes[(descriptor & 3) as 0 | 1 | 2 | 3]
  if (body.length < at + bytes) return undefined
  return {
    size: bytes === 0 ? undefined : sizeAt(body, at, bytes),
    blocksAt: at + bytes,
    checksumBytes: (descriptor & 0x04) === 0 ? 0 : 4,
  }
}

function sizeAt(body: Buffer, at: number, bytes: number): number {
  if (bytes === 8) return Number(body.readBigUInt64LE(at))
  return body.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0)
}

/** What a zstd frame says its content takes, undefined where it does not say. A claim, and only of the first frame. */
export const zstdSizeOf = (body: Buffer): number | undefined => readHeader(body)?.size

/** Where the first frame ends; beyond the body when it is cut short. Undefined when none starts there. https://www.rfc-editor.org/rfc/rfc8878#name-blocks */
export function zstdEndOf(body: Buffer): number | undefined {
  const header = readHeader(body)
  if (header === undefined) return undefined
  let at = header.blocksAt
  for (let isLast = false; !isLast; ) {
    if (at + blockHeaderBytes > body.length) return at + blockHeaderBytes
    const block = body.readUIntLE(at, blockHeaderBytes)
    isLast = (block & 1) === 1
    at += blockHeaderBytes + (((block >> 1) & 3) === repeated ? 1 : block >> 3)
  }
  return at + header.checksumBytes
}
