import type { Stream } from '@warren/contracts/topology'
import type { LineBatch, WriteOutcome } from '@warren/stores/write-outcome'
import type { Chunk, Normalised } from './chunk.ts'
import type { Origin } from './origin.ts'
import type { TimeWindow } from './time-window.ts'

/** What becomes of the memory of a batch. */
export interface Joined {
  /** The store has said that it is done with the bytes. */
  readonly isReleased: boolean
  /** Lets go of what is the batch's and not its chunks'; nobody reads it any more. */
  free(): void
}

/** What differs between metrics and logs on their way to a store. */
export interface StreamKind<C extends Chunk, B extends LineBatch> {
  readonly stream: Stream
  normalise(body: Buffer, origin: Origin, window: TimeWindow): Normalised<C>
  /** The items of several messages of one tenant as one batch, in order. */
  join(tenant: string, chunks: readonly C[]): B & Joined
  /** The items `[from, to)` of a batch. */
  slice(batch: B, from: number, to: number): B
  write(batch: B): Promise<WriteOutcome>
  /** Whether the store could take a write now; throws why not. */
  check(): Promise<void>
}
