/** Go's container/heap, step by step: how it leaves items that are equal decides their order in InfluxDB's answers. */
export class GoHeap<Item> {
  readonly #items: Item[]
  readonly #less: (a: Item, b: Item) => boolean

  constructor(items: Item[], less: (a: Item, b: Item) => boolean) {
    this.#items = items
    this.#less = less
    for (let at = (items.length >> 1) - 1; at >= 0; at--) this.#sink(at)
  }

  pop(): Item | undefined {
    this.#swap(0, this.#items.length - 1)
    const item = this.#items.pop()
    this.#sink(0)
    return item
  }

  push(item: Item): void {
    const items = this.#items
    items.push(item)
    for (let at = items.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!this.#isLess(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #sink(from: number): void {
    const { length } = this.#items
    for (let at = from; ; ) {
      let child = 2 * at + 1
      if (child >= length) return
      if (child + 1 < length && this.#isLess(child + 1, child)) child++
      if (!this.#isLess(child, at)) return
      this.#swap(at, child)
      at = child
    }
  }

  #isLess(a: number, b: number): boolean {
    return this.#less(this.#items[a] as Item, this.#items[b] as Item)
  }

  #swap(a: number, b: number): void {
    if (a === b || b < 0) return
    const items = this.#items
    const [left, right] = [items[a] as Item, items[b] as Item]
    items[a] = right
    items[b] = left
  }
}
