import type { BodyOwner } from '@warren/broker/decode-body'
import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import { freeBytes } from '@warren/platform/free-bytes'
import type { Lines } from '@warren/stores/write-outcome'

/** An item that goes to dead letters. */
export interface RefusedLine {
  /** Position in its message; -1 for the whole message. */
  readonly index: number
  readonly code: DeadLetterCode
  readonly reason: string
  readonly bytes: Uint8Array
}

/** The canonical items of one message. */
export interface Chunk extends Lines {
  /** The position that each line had in its message. */
  readonly positions: Uint32Array
  /** High and low half of the hash of each line's series; 0 and 0 where it is not known, none where no line's is. */
  readonly series?: Int32Array
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

/** Whether bytes are a view of the body. */
const showing =
  ({ buffer }: Uint8Array) =>
  ({ bytes }: { readonly bytes: Uint8Array }): boolean =>
    bytes.buffer === buffer

/** What was made of a body, once that is read: one of the reader's own is freed unless parts of it are still shown; of one that was only lent those parts are copied. */
export function withoutBody<C extends Chunk>(
  normalised: Normalised<C>,
  body: Uint8Array,
  owner: BodyOwner,
): Normalised<C> {
  const { chunk, refused } = normalised
  const isShown = showing(body)
  if (owner === 'delivery') return normalised
  if (isShown(chunk) || refused.some(isShown))
    return owner === 'lent' ? withCopies(normalised, isShown) : normalised
  if (owner === 'reader') freeBytes(body)
  return normalised
}

function withCopies<C extends Chunk>(
  { chunk, refused, ...rest }: Normalised<C>,
  isShown: (line: { readonly bytes: Uint8Array }) => boolean,
): Normalised<C> {
  // No Buffer's slice, which would be a view again.
  const copied = <Line extends { readonly bytes: Uint8Array }>(line: Line): Line =>
    isShown(line) ? { ...line, bytes: new Uint8Array(line.bytes) } : line
  return { ...rest, chunk: copied(chunk), refused: refused.map(copied) }
}
