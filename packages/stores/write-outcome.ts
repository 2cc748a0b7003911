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

/** Items as bytes, one a line: the batch's lines end with LF, in UTF-8, and line `i` is `bytes.subarray(starts[i], starts[i + 1])`. */
export interface LineBatch {
  readonly tenant: string
  readonly bytes: Uint8Array
  /** One more than there are lines: the last is `bytes.length`. */
  readonly starts: Uint32Array
}
