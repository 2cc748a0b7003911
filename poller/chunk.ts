import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import { freeBytes } from '@warren/platform/free-bytes'

/** An item that goes to dead letters. */
export interface RefusedLine {
  /** Position in its message; -1 for the whole message. */
  readonly index: number
  readonly code: DeadLetterCode
  readonly reason: string
  readonly bytes: Uint8Array
}

/** The canonical items of one message. */
export interface Chunk {
  /** Lines that end with LF. */
  readonly bytes: Uint8Array
  /** Where each line starts, and `bytes.length` last. */
  readonly starts: Uint32Array
  /** The position that each line had in its message. */
  readonly positions: Uint32Array
  /** High and low half of the hash of each line's series; 0 and 0 where it is not known, none where no line's is. */
  readonly series?: Uint32Array
}

export interface Normalised<C extends Chunk> {
  readonly chunk: C
  readonly refused: readonly RefusedLine[]
  /** Items that rules left out. */
  readonly dropped?: number
}

export const countOf = (chunk: Chunk): number => chunk.starts.length - 1

/** The columns of a chunk that nobody reads any more take no memory from now on, but for those in the message's own buffer, which is the broker's. */
export function freeChunk(chunk: Chunk, { buffer: own }: Pick<Uint8Array, 'buffer'>): void {
  for (const column of Object.values(chunk))
    if (ArrayBuffer.isView(column) && column.buffer !== own) freeBytes(column)
}

/** Lets go of an unpacked body once it is read, unless what was made of it still shows parts of it. */
export function freeBody(body: Uint8Array, { chunk, refused }: Normalised<Chunk>): void {
  const isShown = ({ bytes }: { readonly bytes: Uint8Array }) => bytes.buffer === body.buffer
  if (!isShown(chunk) && !refused.some(isShown)) freeBytes(body)
}
