import { freeBytes } from '@warren/platform/free-bytes'
import type { LineBatch, Lines } from './write-outcome.ts'

/** Lines `from` to `to`, in memory of their own. */
function pieceOf({ bytes, starts }: Lines, from: number, to: number): Lines {
  const first = starts[from] ?? 0
  return {
    bytes: new Uint8Array(bytes.subarray(first, starts[to])),
    starts: starts.slice(from, to + 1).map((start) => start - first),
  }
}

/** The same batch in two pieces, whose memory is gone the moment that the store releases it: what the store still reads then, it reads as nothing. */
export function inPieces<B extends LineBatch>(batch: B) {
  const count = batch.starts.length - 1
  const pieces = [pieceOf(batch, 0, count >> 1), pieceOf(batch, count >> 1, count)]
  let released = 0
  const release = () => {
    released += 1
    for (const { bytes } of pieces) freeBytes(bytes)
  }
  return { batch: { ...batch, pieces, release }, released: () => released }
}
