const lineFeed = 0x0a

/** Counts the lines of a body, in one piece or as its pieces pass; the last one may lack its end. */
export class LineCount {
  #ends = 0
  #isOpen = false

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1))
      this.#ends++
    this.#isOpen = bytes.at(-1) !== lineFeed
  }

  get lines(): number {
    return this.#ends + (this.#isOpen ? 1 : 0)
  }
}
