import type { Lines } from './write-outcome.ts'

/** The bytes of the pieces one after the other, as a copy of their own. */
export function joinPieces(pieces: readonly Pick<Lines, 'bytes'>[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(pieces.reduce((sum, { bytes }) => sum + bytes.length, 0))
  let at = 0
  for (const { bytes } of pieces) {
    joined.set(bytes, at)
    at += bytes.length
  }
  return joined
}
