const zstdMagic = 0xfd2fb528
/** Bytes of the fields that a frame's descriptor announces by two bits. */
const dictionaryBytes = [0, 1, 2, 4] as const
const sizeBytes = [0, 2, 4, 8] as const

/** What a zstd frame says its content takes, undefined where it does not say. A claim, and only of the first frame: https://www.rfc-editor.org/rfc/rfc8878#name-frame-header */
export function zstdSizeOf(body: Buffer): number | undefined {
  if (body.length < 5 || body.readUInt32LE(0) !== zstdMagic) return undefined
  const descriptor = body[4] ?? 0
  const isSingleSegment = (descriptor & 0x20) !== 0
  const bytes = sizeBytes[(descriptor >> 6) as 0 | 1 | 2 | 3] || Number(isSingleSegment)
  const at = 5 + Number(!isSingleSegment) + dictionaryBytes[(descriptor & 3) as 0 | 1 | 2 | 3]
  if (bytes === 0 || body.length < at + bytes) return undefined
  if (bytes === 8) return Number(body.readBigUInt64LE(at))
  return body.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0)
}

/** What the last member of a gzip file says it takes, modulo 4 GiB: https://www.rfc-editor.org/rfc/rfc1952#page-6 */
export const gzipSizeOf = (body: Buffer): number | undefined =>
  body.length < 18 ? undefined : body.readUInt32LE(body.length - 4)
