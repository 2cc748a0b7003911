import { unlessAborted } from '../../unless-aborted.ts'

/** One question on its way, with all who wait for it. It ends when the last of them has left, whoever began it. */
export class Flight<Answer> {
  readonly #controller = new AbortController()
  readonly #answer: Promise<Answer>
  #waiting = 0
  #waiters = 0
  #isDone = false

  constructor(ask: (signal: AbortSignal) => Promise<Answer>) {
    this.#answer = ask(this.#controller.signal).finally(() => {
      this.#isDone = true
    })
    // Those who wait hear of it; nobody may be left to.
    this.#answer.catch(() => undefined)
  }

  /** Nobody waited any more, so it was given up: no one may join. */
  get isAbandoned(): boolean {
    return this.#controller.signal.aborted
  }

  /** More than one waited for it at some time. */
  get wasShared(): boolean {
    return this.#waiters > 1
  }

  /** Settles as the question does, or rejects with the signal's reason when it fires first. */
  async wait(signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted()
    this.#waiting += 1
    this.#waiters += 1
    try {
      return await unlessAborted(this.#answer, signal)
    } finally {
      this.#waiting -= 1
      if (this.#waiting === 0 && !this.#isDone) this.#controller.abort(signal.reason)
    }
  }
}
