/** As many as the panels of some dashboards ask for. */
const maxReads = 256

/** What was read of a file's dictionary, by what was asked; the least recently used goes first. */
export class KeptReads<Item> {
  /** The order is that of use, oldest first. */
  readonly #kept = new Map<string, readonly Item[]>()
  readonly #maxItems: number
  #items = 0

  /** Of all reads together; a read that has more is kept alone. */
  constructor(maxItems: number) {
    this.#maxItems = maxItems
  }

  get(key: string): readonly Item[] | undefined {
    const found = this.#kept.get(key)
    if (found === undefined) return undefined
    this.#kept.delete(key)
    this.#kept.set(key, found)
    return found
  }

  set(key: string, items: readonly Item[]): void {
    this.#drop(key)
    this.#kept.set(key, items)
    this.#items += items.length
    for (const oldest of this.#kept.keys()) {
      if (oldest === key || !this.#isOver()) return
      this.#drop(oldest)
    }
  }

  clear(): void {
    this.#kept.clear()
    this.#items = 0
  }

  #isOver(): boolean {
    return this.#kept.size > maxReads || this.#items > this.#maxItems
  }

  #drop(key: string): void {
    this.#items -= this.#kept.get(key)?.length ?? 0
    this.#kept.delete(key)
  }
}
