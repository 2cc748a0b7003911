const forgetMs = 60_000
const maxKeys = 10_000

/** Questions whose answers did not fit together: asked as a whole for a while, not in vain each time. */
export class Unfit {
  readonly #untilMs = new Map<string, number>()

  has(key: string, nowMs: number): boolean {
    return (this.#untilMs.get(key) ?? 0) > nowMs
  }

  add(key: string, nowMs: number): void {
    if (this.#untilMs.size >= maxKeys) this.#untilMs.clear()
    this.#untilMs.set(key, nowMs + forgetMs)
  }
}
