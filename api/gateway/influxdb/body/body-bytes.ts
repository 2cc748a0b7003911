import type { ServerResponse } from 'node:http'
import { freeBytes } from '@warren/platform/free-bytes'

/** More are joined: each is a call of its own until the operating system gets them. */
const mostPieces = 32

/** In memory of their own size: a small Buffer is a part of a larger one, which it would keep as long as itself. */
export function ownCopy(pieces: readonly Uint8Array[]): Buffer {
  const own = Buffer.allocUnsafeSlow(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    own.set(piece, at)
    at += piece.length
  }
  return own
}

/** The same of pieces that are nobody else's: their memory is given back. */
export function ownCopyFreeing(pieces: readonly Uint8Array[]): Buffer {
  const own = ownCopy(pieces)
  for (const piece of pieces) freeBytes(piece)
  return own
}

/** The bytes of an answer, which need not stand together: what answers have in common is in memory once. */
export class BodyBytes {
  readonly pieces: readonly Uint8Array[]
  readonly length: number

  constructor(pieces: readonly Uint8Array[]) {
    this.pieces = pieces.length > mostPieces ? [ownCopy(pieces)] : pieces
    this.length = pieces.reduce((sum, { length }) => sum + length, 0)
  }

  join(): Buffer {
    const [only] = this.pieces
    if (only === undefined || this.pieces.length > 1) return ownCopy(this.pieces)
    return Buffer.from(only.buffer, only.byteOffset, only.length)
  }

  /** Ends an answer with them: one call of the operating system for head and pieces. */
  end(response: ServerResponse): void {
    response.cork()
    for (const piece of this.pieces.slice(0, -1)) response.write(piece)
    response.end(this.pieces.at(-1))
  }
}

/** The bytes of an answer that is sent piece by piece. */
export interface LongBody {
  readonly length: number
  /** In memory until it has been sent. */
  readonly heldBytes: number
  /** To be read once. */
  readonly pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}
