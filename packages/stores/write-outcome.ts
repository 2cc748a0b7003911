import type { DeadLetterCode } from '@warren/contracts/dead-letter'

/** One item that the store will never take. */
export interface RefusedItem {
  /** Position in the batch. */
  readonly index: number
  readonly code: DeadLetterCode
  readonly reason: string
}

/** What became of a batch: every item that is not in `refused` is durable. */
export interface WriteOutcome {
  readonly refused: readonly RefusedItem[]
}

/** Items as bytes, one a line: lines end with LF, in UTF-8, and line `i` is `bytes.subarray(starts[i], starts[i + 1])`. */
export interface Lines {
  readonly bytes: Uint8Array
  /** One more than there are lines: the last is `bytes.length`. */
  readonly starts: Uint32Array
  /** Of the oldest and the newest point, whole seconds since the epoch; absent where that is not known of all. */
  readonly seconds?: { readonly oldest: number; readonly newest: number }
}

/** Lines of one tenant. Where there are `pieces`, `bytes` is made when it is first asked for. */
export interface LineBatch extends Lines {
  readonly tenant: string
  /** The same lines in the same order, as they came. */
  readonly pieces?: readonly Lines[]
  /** Called by a store before `write` resolves when nothing reads the bytes of the batch or its pieces any more, the operating system's sending included: their memory is then used for something
   *  else. A store that cannot tell does not call it. */
  release?(): void
}

export const piecesOf = (batch: LineBatch): readonly Lines[] => batch.pieces ?? [batch]
