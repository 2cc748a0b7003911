/**
 * Go's `sort.Sort`, step by step, as of Go 1.19 (https://github.com/golang/go/blob/go1.19/src/sort/zsortinterface.go): it is not stable, and InfluxDB's answers depend
 * on how it leaves what is equal. A quicksort that defeats patterns (https://arxiv.org/abs/2106.05123):
 * 1. Twelve or fewer are inserted; after too many bad pivots a heap sorts.
 * 2. A pivot is chosen; when the choice had to swap everything, the range is turned around; when nothing, it may be sorted already.
 * 3. Where the range begins with items equal to the one before it, those go aside. Else it is parted, the smaller part is sorted, then the larger.
 */
export function goSort<Item>(items: Item[], isLess: (a: Item, b: Item) => boolean): Item[] {
  new Sorter(items, isLess).sort(0, items.length, bitsOf(items.length))
  return items
}

const bitsOf = (count: number): number => 32 - Math.clz32(count)

const maxInserted = 12
const minNinther = 50
const minShifted = 50
const maxSteps = 5
/** Of the choice of a pivot: four medians of three. */
const maxSwaps = 12

class Sorter<Item> {
  readonly #items: Item[]
  readonly #isLess: (a: Item, b: Item) => boolean
  #swaps = 0

  constructor(items: Item[], isLess: (a: Item, b: Item) => boolean) {
    this.#items = items
    this.#isLess = isLess
  }

  sort(from: number, to: number, badPivots: number): void {
    let [a, b, limit] = [from, to, badPivots]
    let [wasBalanced, wasParted] = [true, true]
    while (b - a > maxInserted && limit > 0) {
      if (!wasBalanced) {
        this.#scatter(a, b)
        limit--
      }
      const { pivot, isSorted } = this.#choosePivot(a, b)
      if (wasBalanced && wasParted && isSorted && this.#insertSome(a, b)) return
      if (a > 0 && !this.#less(a - 1, pivot)) {
        a = this.#partEqual(a, b, pivot)
        continue
      }
      const parted = this.#part(a, b, pivot)
      wasParted = parted.wasParted
      wasBalanced = Math.min(parted.middle - a, b - parted.middle) >= (b - a) >> 3
      ;[a, b] = this.#sortSmaller({ a, b, middle: parted.middle }, limit)
    }
    if (b - a > maxInserted) this.#heap(a, b)
    else this.#insert(a, b)
  }

  /** Answers where the larger part is. */
  #sortSmaller(
    { a, b, middle }: { readonly a: number; readonly b: number; readonly middle: number },
    limit: number,
  ): [number, number] {
    if (middle - a < b - middle) {
      this.sort(a, middle, limit)
      return [middle + 1, b]
    }
    this.sort(middle + 1, b, limit)
    return [a, middle]
  }

  #less(a: number, b: number): boolean {
    return this.#isLess(this.#items[a] as Item, this.#items[b] as Item)
  }

  #swap(a: number, b: number): void {
    const items = this.#items
    const item = items[a] as Item
    items[a] = items[b] as Item
    items[b] = item
  }

  #insert(a: number, b: number): void {
    for (let at = a + 1; at < b; at++)
      for (let to = at; to > a && this.#less(to, to - 1); to--) this.#swap(to, to - 1)
  }

  #heap(first: number, end: number): void {
    const count = end - first
    for (let at = (count - 1) >> 1; at >= 0; at--) this.#sift(at, count, first)
    for (let at = count - 1; at >= 0; at--) {
      this.#swap(first, first + at)
      this.#sift(0, at, first)
    }
  }

  #sift(from: number, end: number, first: number): void {
    for (let root = from; ; ) {
      let child = 2 * root + 1
      if (child >= end) return
      if (child + 1 < end && this.#less(first + child, first + child + 1)) child++
      if (!this.#less(first + root, first + child)) return
      this.#swap(first + root, first + child)
      root = child
    }
  }

  #choosePivot(a: number, b: number): { readonly pivot: number; readonly isSorted: boolean } {
    const quarter = (b - a) >> 2
    this.#swaps = 0
    const places = [a + quarter, a + 2 * quarter, a + 3 * quarter]
    const [one = 0, two = 0, three = 0] =
      b - a < minNinther ? places : places.map((place) => this.#median(place - 1, place, place + 1))
    const pivot = this.#median(one, two, three)
    if (this.#swaps < maxSwaps) return { pivot, isSorted: this.#swaps === 0 }
    for (let low = a, high = b - 1; low < high; low++, high--) this.#swap(low, high)
    return { pivot: b - 1 - (pivot - a), isSorted: true }
  }

  #median(one: number, two: number, three: number): number {
    const [low, middle] = this.#inOrder(one, two)
    const [least] = this.#inOrder(middle, three)
    return this.#inOrder(low, least)[1]
  }

  #inOrder(one: number, other: number): readonly [number, number] {
    if (!this.#less(other, one)) return [one, other]
    this.#swaps++
    return [other, one]
  }

  /** Whether it is sorted after moving a few. */
  #insertSome(a: number, b: number): boolean {
    let at = a + 1
    for (let step = 0; step < maxSteps; step++) {
      while (at < b && !this.#less(at, at - 1)) at++
      if (at === b) return true
      if (b - a < minShifted) return false
      this.#swap(at, at - 1)
      if (at - a >= 2) this.#shiftDown(at - 1)
      if (b - at >= 2) this.#shiftUp(at + 1, b)
    }
    return false
  }

  /** Also past the start of the range, where nothing is greater. */
  #shiftDown(from: number): void {
    for (let to = from; to >= 1 && this.#less(to, to - 1); to--) this.#swap(to, to - 1)
  }

  #shiftUp(from: number, end: number): void {
    for (let to = from; to < end && this.#less(to, to - 1); to++) this.#swap(to, to - 1)
  }

  /** Less than the pivot, the pivot, the others. */
  #part(a: number, b: number, pivot: number) {
    this.#swap(a, pivot)
    let [low, high] = [a + 1, b - 1]
    let wasParted = true
    for (;;) {
      while (low <= high && this.#less(low, a)) low++
      while (low <= high && !this.#less(high, a)) high--
      if (low > high) break
      this.#swap(low++, high--)
      wasParted = false
    }
    this.#swap(high, a)
    return { middle: high, wasParted }
  }

  /** Equal to the pivot, greater than it. Answers where those begin. */
  #partEqual(a: number, b: number, pivot: number): number {
    this.#swap(a, pivot)
    let [low, high] = [a + 1, b - 1]
    for (;;) {
      while (low <= high && !this.#less(a, low)) low++
      while (low <= high && this.#less(a, high)) high--
      if (low > high) return low
      this.#swap(low++, high--)
    }
  }

  /** Moves three in the middle to places by chance, which is the same for the same length. */
  #scatter(a: number, b: number): void {
    const length = b - a
    const mask = (1n << BigInt(bitsOf(length))) - 1n
    const middle = a + (length >> 2) * 2
    let random = BigInt(length)
    for (let at = middle - 1; at <= middle + 1; at++) {
      random ^= BigInt.asUintN(64, random << 13n)
      random ^= random >> 17n
      random ^= BigInt.asUintN(64, random << 5n)
      const other = Number(random & mask)
      this.#swap(at, a + (other >= length ? other - length : other))
    }
  }
}
