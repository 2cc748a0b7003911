const quote = 0x22
const backslash = 0x5c
const open = 0x5b
const close = 0x5d

/** Whether bytes stand within a text of JSON. */
class Texts {
  isIn = false
  #isEscaped = false

  read(byte: number): void {
    if (!this.isIn) this.isIn = byte === quote
    else if (this.#isEscaped) this.#isEscaped = false
    else if (byte === backslash) this.#isEscaped = true
    else if (byte === quote) this.isIn = false
  }
}

/** Reads `[…],[…]]`, rows of one series and the end of their list, in pieces. */
export class RowScan {
  /** So far. */
  rows = 0
  /** The `]` behind the rows has been read. */
  isOver = false
  readonly #texts = new Texts()
  #depth = 0

  /** Where the rows end, or the piece does. */
  read(piece: Uint8Array, from: number): number {
    const texts = this.#texts
    for (let at = from; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      if (texts.isIn || byte === quote) texts.read(byte)
      else if (byte === open) {
        this.#depth++
        this.rows++
      } else if (byte === close && --this.#depth < 0) {
        this.isOver = true
        return at + 1
      }
    }
    return piece.length
  }
}
