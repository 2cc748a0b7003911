import { setImmediate as turn } from 'node:timers/promises'
import { Refusal } from '../../http/refusal.ts'

/** Rows to be encoded before others have their turn. */
export const rowsATurn = 5000

/** Characters that are made bytes together: a large answer is mostly small texts. */
const pieceLength = 65_536

/** Throws `answer_too_large`. */
export function requireSize(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return
  throw new Refusal(
    'answer_too_large',
    `the answer is larger than ${maxBytes} bytes; ask for a shorter range, a longer interval or fewer series`,
  )
}

/** An answer piece by piece, up to so many bytes. */
export class Pieces {
  readonly #pieces: Uint8Array[] = []
  readonly #maxBytes: number
  #bytes = 0
  /** What no piece holds yet. */
  #text = ''
  #rowsOfTurn = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Throws `answer_too_large`. */
  add(text: string): void {
    this.#text += text
    if (this.#text.length > pieceLength) this.#flush()
  }

  addBytes(piece: Uint8Array): void {
    this.#flush()
    this.#push(piece)
  }

  #flush(): void {
    const piece = Buffer.from(this.#text)
    this.#text = ''
    if (piece.length > 0) this.#push(piece)
  }

  #push(piece: Uint8Array): void {
    this.#bytes += piece.length
    requireSize(this.#bytes, this.#maxBytes)
    this.#pieces.push(piece)
  }

  /** Lets others run between stretches of rows, of however many series. */
  async giveWay(rows: number): Promise<void> {
    this.#rowsOfTurn += rows
    if (this.#rowsOfTurn < rowsATurn) return
    this.#rowsOfTurn = 0
    await turn()
  }

  join(): Buffer {
    return Buffer.concat(this.all())
  }

  /** As they were added, but that texts that follow each other are one. */
  all(): readonly Uint8Array[] {
    this.#flush()
    return this.#pieces
  }
}
