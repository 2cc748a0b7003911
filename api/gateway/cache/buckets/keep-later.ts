import { setImmediate as turn } from 'node:timers/promises'

/** Of answers that wait to be kept, together. */
const mostBytes = 1024 ** 2

/** What an answer leaves for those who come later, made once the answer is on its way: nobody waits for it but who asks the same next. */
export class KeepLater {
  readonly #making = new Map<string, Promise<void>>()
  #bytes = 0

  /** What is being made of the same question; undefined: nothing. Never rejects. */
  of(key: string): Promise<void> | undefined {
    return this.#making.get(key)
  }

  /** Whether an answer of so many bytes may wait. */
  hasRoom(bytes: number): boolean {
    return this.#bytes + bytes <= mostBytes
  }

  /** `make` runs in a turn of its own and never rejects; until it is done the answer's bytes count. */
  add(key: string, bytes: number, make: () => Promise<void>): void {
    this.#bytes += bytes
    const making = turn()
      .then(make)
      .finally(() => {
        this.#bytes -= bytes
        if (this.#making.get(key) === making) this.#making.delete(key)
      })
    this.#making.set(key, making)
  }
}
