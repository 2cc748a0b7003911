import type { AnswerShare } from '@warren/stores/answer-share'
import { Refusal } from '../../http/refusal.ts'
import { retryAfterS } from '../schedule/retry-after.ts'

export interface ShareOptions {
  /** Fires when nobody waits for the answer any more, or at its deadline. */
  readonly signal: () => AbortSignal
}

/** Where a share takes from. */
export interface ShareRoom {
  take(share: RoomShare, bytes: number): Promise<void> | undefined
  /** Some of what the share had. */
  giveBack(share: RoomShare, bytes: number): void
  /** Lets those go on who may now. */
  serve(): void
  /** While some wait, or just after: until one more would have got what it waits for, at the pace of late, ms. */
  msForOneMore(): number
}

const { signal: never } = new AbortController()
const neverFires = (): AbortSignal => never

/** What one answer has of the room, from before it is read until the last who gets it has it. */
export class RoomShare implements AnswerShare {
  /** Written by the room alone. */
  bytes = 0
  readonly #room: ShareRoom
  #signalOf: () => AbortSignal
  #readers = 0
  #isReleased = false
  #isSent = false
  /** Since when it waits, or did when its time was over. */
  #sinceMs: number | undefined

  constructor(room: ShareRoom, { signal }: ShareOptions) {
    this.#room = room
    this.#signalOf = signal
  }

  get signal(): AbortSignal {
    return this.#signalOf()
  }

  /** It is sent, and takes no more. */
  get isSent(): boolean {
    return this.#isSent
  }

  /** It waits for room, or did when its time was over: meanwhile nothing is read from its store. */
  get isWaiting(): boolean {
    return this.#sinceMs !== undefined
  }

  /** Why an answer did not come: what is thrown at its deadline does not say that it waited for memory. */
  explain(error: unknown): unknown {
    const isLate = error instanceof Refusal && error.code === 'query_deadline'
    if (!isLate || this.#sinceMs === undefined) return error
    const waitedS = Math.round((performance.now() - this.#sinceMs) / 1000)
    const seconds = retryAfterS(this.#room.msForOneMore())
    return new Refusal(
      'query_deadline',
      `the answer waited ${waitedS} s for memory, which other large answers have; ask for a shorter range, a longer interval or fewer series, or retry in ${seconds} s`,
      { retryAfterS: seconds },
    )
  }

  take(bytes: number): Promise<void> | undefined {
    // Who has nothing gives nothing back, and the room would know it for ever.
    if (this.#isReleased || bytes === 0) return undefined
    const turn = this.#room.take(this, bytes)
    return turn === undefined ? undefined : this.#wait(turn)
  }

  /** From here on it is sent, of at most so many bytes: what these were made of is gone. */
  settle(bytes: number): void {
    this.#isSent = true
    // It waits no more. Kept answers have their share for seconds: it must not keep the request of who asked.
    this.#signalOf = neverFires
    if (this.bytes > bytes) this.#giveBack(this.bytes - bytes)
    else if (this.bytes > 0) this.#room.serve()
  }

  /** Somebody gets the answer; call what this returns when it has been sent, or who gets it has left. */
  hold(): () => void {
    this.#readers += 1
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#readers -= 1
      if (this.#readers === 0) this.release()
    }
  }

  /** Gives everything back, for good. Safe to call twice. */
  release(): void {
    this.#isReleased = true
    this.settle(0)
  }

  async #wait(turn: Promise<void>): Promise<void> {
    this.#sinceMs ??= performance.now()
    await turn
    this.#sinceMs = undefined
  }

  #giveBack(bytes: number): void {
    this.bytes -= bytes
    this.#room.giveBack(this, bytes)
  }
}
