const quote = 0x22
const comma = 0x2c
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
export interface RowScan {
  /** So far. */
  readonly rows: number
  /** The `]` behind the rows has been read. */
  readonly isOver: boolean
  /** Where the rows end, or the piece does. */
  read(piece: Uint8Array, from: number): number
  /** Of what was read last: the bytes to be sent on instead; undefined: the same. */
  readonly shown: Uint8Array | undefined
}

export class WholeRows implements RowScan {
  rows = 0
  isOver = false
  readonly shown = undefined
  readonly #texts = new Texts()
  #depth = 0

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

/** The same without some of the columns; the first is always shown. */
export class ShownRows implements RowScan {
  rows = 0
  isOver = false
  shown: Uint8Array | undefined
  readonly #isShown: readonly boolean[]
  readonly #texts = new Texts()
  #depth = 0
  #column = 0

  constructor(isShown: readonly boolean[]) {
    this.#isShown = isShown
  }

  read(piece: Uint8Array, from: number): number {
    const into = new Uint8Array(piece.length - from)
    let length = 0
    let at = from
    while (at < piece.length && !this.isOver) {
      const byte = piece[at++] ?? 0
      if (!this.#isShownNow(byte)) continue
      into[length++] = byte
    }
    this.shown = into.subarray(0, length)
    return at
  }

  #isShownNow(byte: number): boolean {
    const texts = this.#texts
    if (texts.isIn || byte === quote) texts.read(byte)
    else if (byte === open) this.#begin()
    else if (byte === close) return this.#end()
    // The comma before a value goes with it; that between rows stays.
    else if (byte === comma && this.#depth > 0) this.#column++
    return this.#depth === 0 || (this.#isShown[this.#column] ?? true)
  }

  #begin(): void {
    this.#depth++
    this.#column = 0
    this.rows++
  }

  #end(): boolean {
    this.#depth--
    if (this.#depth < 0) this.isOver = true
    return true
  }
}
