import type { Replay, StoredLetter } from '@warren/contracts/http/dead-letters'
import type { DeadLetterFilter } from './dead-letter-store.ts'

export interface NewReplay {
  readonly filter: DeadLetterFilter
  readonly perSecond: number
  readonly requestedBy: string
}

/** A replay in the hands of one runner. */
export interface HeldReplay {
  readonly id: string
  readonly holder: string
  readonly perSecond: number
}

export interface NextLetters {
  readonly letters: readonly LetterToSend[]
  /** The last of them by arrival, to say back in `advance`. */
  readonly seenSeq: string
}

export interface LetterToSend extends StoredLetter {
  readonly seq: string
}

export interface Advance {
  readonly seenSeq: string
  /** Confirmed by the broker: each goes, unless it has changed since it was read. */
  readonly sent: readonly LetterToSend[]
  readonly skipped: number
  /** Absent: as it was. */
  readonly reason?: string | null
}

/** Replays, kept so that another runner goes on where one was killed: a letter goes from the catalog in the statement that counts it as sent, after its confirm. */
export interface DeadLetterReplays {
  /** Of the letters that are there now. `full`: so many of the tenant's have not ended. */
  create(replay: NewReplay): Promise<Replay | 'full'>
  /** Newest first; undefined: of every tenant. */
  list(tenant: string | undefined): Promise<readonly Replay[]>
  find(tenant: string | undefined, id: string): Promise<Replay | undefined>
  /** It ends with what is in hand. False when there is none that runs. */
  cancel(tenant: string | undefined, id: string): Promise<boolean>
  /** The oldest that nobody holds, of a tenant of which nobody holds another; held for so long. */
  claim(holder: string, holdMs: number): Promise<HeldReplay | undefined>
  /** Holds it for longer, and may say why it waits. False when it has ended or another has it. */
  hold(replay: HeldReplay, holdMs: number, reason?: string): Promise<boolean>
  /** At most so many letters and, but for a first one, bytes; undefined when there are no more. */
  next(
    replay: HeldReplay,
    most: { letters: number; bytes: number },
  ): Promise<NextLetters | undefined>
  advance(replay: HeldReplay, advance: Advance): Promise<void>
  /** Every letter has been looked at. */
  end(replay: HeldReplay): Promise<void>
  /** Leaves it to the next who claims. */
  release(holder: string): Promise<void>
}
